#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The library as one file: it compiles without a warning wherever the project's
# own files do, exports what clonexec.h says, and is worth what the library is.
# (scripts/check runs the unit, race and cost tests on it.)
# $FREEZER, $TARGET: those of tests/examples.

load ../common
bats_require_minimum_version 1.5.0

setup_file() {
	: "${FREEZER:?}" "${TARGET:?}"
	unset LD_PRELOAD
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	work=$(mktemp -d /tmp/cx-amalgamation-XXXXXX)
	chmod 755 "$work"
	export top work
	make -s -C "$top" amalgamation BUILD="$work"
	cd "$work/amalgamation"
	cp "$FREEZER" freezer.so
	mkdir bin
	cp "$TARGET" bin/sudo
	[ "$(id -u)" != 0 ] || chmod 4755 bin/sudo
	cat >consumer.c <<-'END'
		#include "clonexec.h"
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			char *args[] = { "sudo", 0 };
			char **envp = { 0 };
			if (argc > 1)
				execve("bin/sudo", args, envp);
			else
				cx_execve("bin/sudo", args, envp);
			return 1;
		}
	END
}

setup() {
	cd "$work/amalgamation"
}

teardown_file() {
	[ -z "${work-}" ] || rm -rf "$work"
}

strict='-O2 -Wall -Wextra -Wconversion -Wshadow -pedantic -Werror'

@test "gcc and clang take it without a warning, as C11 and as GNU C17" {
	local compiler
	# shellcheck disable=SC2086
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		$compiler -std=c11 $strict -c clonexec.c
		$compiler -std=gnu17 $strict -fPIC -c clonexec.c
	done
	! command -v musl-gcc >/dev/null ||
		musl-gcc -idirafter /usr/include -idirafter \
			"/usr/include/$(uname -m)-linux-gnu" -O2 -Wall -Wextra \
			-Werror -c clonexec.c -o musl.o
}

@test "every CPU that has a folder is in it" {
	for cpu in "$top"/src/arch/*/syscall.h; do
		grep -q "src/arch/$(basename "$(dirname "$cpu")")/syscall.h" \
			clonexec.c
	done
}

@test "a library of it exports the functions of clonexec.h and its mark" {
	cc -O2 -fPIC -shared -o libown.so clonexec.c -pthread
	diff <(nm -D --defined-only libown.so | awk '{ print $3 }' | sort) \
		<(sed -n "s/^\t\(c[a-z_]*\);/\1/p" \
			"$top/src/lib/libclonexec.map" | sort)
}

@test "a program with it keeps privileges, the race frozen; execve loses them" {
	need_root
	cc -O2 -o consumer consumer.c clonexec.c -pthread
	chmod -R a+rX .
	run timeout 20 env LD_PRELOAD=./freezer.so ./consumer plain
	[ "$status" != 77 ] || cannot "cannot freeze the race here: $output"
	[[ $output == "65534 65534 65534 "* ]]
	run timeout 20 env LD_PRELOAD=./freezer.so ./consumer
	[[ $output == "65534 0 0 "* ]]
}

@test "one exec takes the locks of a copy of it and of one beside it" {
	cc -O2 -fPIC -shared -o libown.so clonexec.c -pthread
	[ "$(nm -D libown.so | grep -c ' clonexec_copy$')" = 1 ]
	cc -O2 -c clonexec.c
	readelf -n clonexec.o | grep -q '^ *clonexec '
}

@test "a sanitizer is refused in so many words" {
	run -1 cc -fsanitize=address -c clonexec.c
	[[ $output == *"clonexec.c is to be compiled without -fsanitize"* ]]
}

@test "it says what it is, of which version, and whose" {
	version=$(sed -n "s/.*version: '\([0-9.]*\)'.*/\1/p" "$top/meson.build" |
		head -n 1)
	head -n 45 clonexec.c >head
	grep -q "clonexec $version: " head
	grep -q 'MIT' head
	grep -q 'Permission is hereby granted' head
	cmp clonexec.h "$top/include/clonexec.h"
	run -1 grep -n "$top" clonexec.c
}
