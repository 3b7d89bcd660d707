# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# CPython, of the version that Debian has.
debians=/usr/bin/python3
package=$(basename "$(readlink -f $debians)")
patched=./python
option=-c

build() {
	./configure CFLAGS="-O1 -I$work/clonexec" \
		LDFLAGS="-L$work/clonexec" LIBS=-lclonexec &&
		make -j"$(nproc)"
}

own_tests() {
	./python -m test test_os test_posix test_threading test_thread \
		test_threading_local test_fork1 test_subprocess
}

summary() {
	grep -E '^(All [0-9]+ tests OK|[0-9]+ tests OK)' | tail -n 1
}

do_exec() {
	echo "import os; os.execv('$1', ['sudo'])"
}
