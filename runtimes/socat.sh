# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# socat, whose EXEC with the option nofork replaces the process.
package=socat
debians=/usr/bin/socat
patched=./socat
option=-

build() {
	./configure CFLAGS="-O1 -fcommon -I$work/clonexec" \
		LDFLAGS="-L$work/clonexec" LIBS='-lclonexec -pthread' \
		--disable-openssl --disable-readline --disable-libwrap &&
		make socat procan filan
}

own_tests() {
	./test.sh EXECSOCKET EXECPIPES EXECPTY EXECSOCKETFLUSH EXECPIPESFLUSH \
		EXECIGNOREEOF EXECCATNOFORK SYSTEMCATNOFORK NOFORKSETSID \
		EXECPIPESSTDERR </dev/null
}

summary() {
	grep '^Summary'
}

do_exec() {
	echo "EXEC:$1,nofork"
}
