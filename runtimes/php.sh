# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# PHP, of the version that Debian has: pcntl_exec.  Its threads are those of the
# libraries that it loads.
debians=/usr/bin/php
package=$(basename "$(readlink -f $debians)")
patched=sapi/cli/php
option=-r

build() {
	./configure CFLAGS="-O1 -I$work/clonexec" \
		LIBS="$work/clonexec/libclonexec.a -pthread" \
		--disable-all --disable-cgi --disable-phpdbg \
		--enable-pcntl --enable-posix &&
		make -j"$(nproc)"
}

own_tests() {
	NO_INTERACTION=1 REPORT_EXIT_STATUS=1 $patched run-tests.php -q \
		-p "$PWD/$patched" ext/pcntl/tests ext/posix/tests \
		ext/standard/tests/general_functions
}

summary() {
	grep -E '^Tests (passed|failed)' | tr -s ' ' | paste -sd ,
}

do_exec() {
	echo "pcntl_exec('$1');"
}
