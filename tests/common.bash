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

# A copy of $CLONEXEC_PRELOAD that every user can read, as $SHIM_DIR/NAME: a
# build directory may be under one's home.
copy_shim() {
	: "${CLONEXEC_PRELOAD:?}"
	SHIM_DIR=$(mktemp -d /tmp/clonexec-shim-XXXXXX)
	export SHIM_DIR
	chmod 755 "$SHIM_DIR"
	cp "$CLONEXEC_PRELOAD" "$SHIM_DIR/libclonexec-preload.so"
	chmod 644 "$SHIM_DIR/libclonexec-preload.so"
}

remove_shim() {
	rm -f "$SHIM_DIR/libclonexec-preload.so"
	rmdir "$SHIM_DIR"
}
