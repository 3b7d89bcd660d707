# SPDX-License-Identifier: MIT
# For all .bats files: load ../common

# It can't be tried here: skip, or fail where everything must work.
cannot() {
	if [ "${CLONEXEC_MUST_WORK:-0}" = 1 ]; then
		echo "must work here, but: $1"
		return 1
	fi
	skip "$1"
}

need_root() {
	[ "$(id -u)" = 0 ] || cannot "needs root"
}
