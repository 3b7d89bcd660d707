# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# Ruby, of the version that Debian has: Kernel#exec, and its native threads.
debians=/usr/bin/ruby
package=$(basename "$(readlink -f $debians)")
patched=./ruby
option=-e

# Those that need no library, and the tests' own.
extensions='etc,io/console,io/wait,pathname,stringio,strscan,date_core,fcntl'
extensions=$extensions,'monitor,socket,-test-/*,json,json/*,ripper,objspace,pty'
extensions=$extensions,'rbconfig/sizeof,cgi/escape,erb/escape,digest,digest/*'
extensions=$extensions,'nkf,racc/*,zlib'

build() {
	./configure CFLAGS=-O1 CPPFLAGS="-I$work/clonexec" \
		LDFLAGS="-L$work/clonexec" LIBS='-lclonexec -pthread' \
		--disable-install-doc --disable-jit-support \
		--with-ext="$extensions" &&
		make -j"$(nproc)" ruby rbconfig.rb encs exts
}

# (The one of redirect_pipe waits for ever without the patch, too.)
own_tests() {
	tests='ruby/test_process.rb ruby/test_thread.rb ruby/test_signal.rb'
	make test-all TESTS="-q $tests -n !/redirect_pipe/" </dev/null
}

summary() {
	grep -E '^[0-9]+ tests'
}

do_exec() {
	echo "exec ['$1', 'sudo']"
}
