# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# Perl with ithreads.
package=perl
debians=/usr/bin/perl
patched=./perl
option=-e

build() {
	sh Configure -des -Dusethreads -Doptimize=-O1 -Dusedevel \
		-Dccflags="-I$work/clonexec" -Dldflags="-L$work/clonexec" \
		-Dlibs='-lclonexec -lpthread -ldl -lm -lcrypt -lc' \
		-Dprefix="$work/perl-inst" &&
		make -j"$(nproc)"
}

own_tests() {
	cd t && ln -sf ../perl perl &&
		PERL_CORE=1 ./perl harness op/exec.t op/fork.t io/pipe.t \
			../dist/threads/t/*.t ../dist/threads-shared/t/*.t \
			../dist/Thread-Queue/t/*.t
}

summary() {
	grep '^Files='
}

do_exec() {
	echo "exec { '$1' } 'sudo'"
}
