#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The tarball of `make dist`: what git has, and all that is needed to build and
# install by the README's commands.  It is that of the last commit, made in a
# clone: whoever works on something has changes that are not committed.

load ../common
bats_require_minimum_version 1.5.0

setup_file() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	work=$(mktemp -d /tmp/cx-dist-XXXXXX)
	# Of the make that runs this.
	unset MAKEFLAGS MAKELEVEL MESON BUILD PREFIX DESTDIR
	# Root may test what is somebody else's.
	mkdir "$work/home"
	printf '[safe]\n\tdirectory = *\n' >"$work/home/.gitconfig"
	export top work HOME=$work/home
	[ -e "$top/.git" ] || skip "this is no clone"
	git clone -q "$top" "$work/clone"
	make -C "$work/clone" dist >"$work/log" 2>&1 ||
		{ cat "$work/log"; return 1; }
	mkdir "$work/unpacked"
	tar -xf "$work"/clone/build/meson-dist/clonexec-[0-9]*.tar.xz \
		-C "$work/unpacked"
}

teardown_file() {
	[ -z "${work-}" ] || rm -rf "$work"
}

programs() {
	(cd "$1" && find . -type f -perm -100 | sort)
}

@test "it holds what git has, and no more" {
	git -C "$work/clone" checkout-index -a --prefix="$work/git/"
	[ "$(find "$work/git" -type f | wc -l)" -gt 300 ]
	diff -r --no-dereference "$work/git" "$work/unpacked"/clonexec-*
	diff <(programs "$work/git") <(programs "$work/unpacked"/clonexec-*)
}

@test "the README's commands build and install it, without git" {
	mkdir "$work/bin"
	printf '#!/bin/sh\necho "$0 $*" >>"%s"\nexit 1\n' "$work/asked" \
		>"$work/bin/git"
	chmod 755 "$work/bin/git"
	cd "$work/unpacked"/clonexec-*
	# The block that begins with make, in a tree of ours.
	sed -n '/^```$/{n;/^make  /!d;:a;p;n;/^```$/q;ba}' README.md |
		sed "s|DESTDIR=|&$work/root|; s|MESON=\"|BUILD=other &|" \
			>"$work/commands"
	[ "$(wc -l <"$work/commands")" = 3 ]
	sed -i 's|MESON="|&-Dwatch=disabled |' "$work/commands"
	cat "$work/commands"
	PATH=$work/bin:$PATH timeout 300 \
		sh -ex "$work/commands"
	[ ! -e "$work/asked" ]
	"$work/root/usr/local/bin/clonexec" --version
	# Where the compiler looks, whatever else is installed here.
	multiarch=$(cc -print-multiarch)
	[ -z "$multiarch" ] ||
		[ -e "$work/root/usr/local/lib/$multiarch/libclonexec.so.0" ]
	# What the third is for.
	cat >asked.c <<-'END'
	#include <clonexec.h>
	int main(void)
	{
		struct cx_status s = { .size = sizeof(s) };
		return cx_status(&s) || s.asked != CX_HELPER;
	}
	END
	cc -Iinclude -o asked asked.c other/src/lib/libclonexec.a -pthread
	./asked
	make DESTDIR="$work/root" uninstall
	[ -z "$(find "$work/root" -type f)" ]
}

@test "with the tests it can be configured, too" {
	cd "$work/unpacked"/clonexec-*
	meson setup -Dtests=true tested >"$work/log" 2>&1 || {
		cat "$work/log"
		return 1
	}
	meson test -C tested --no-rebuild --list | grep -q ' / family$'
}

@test "the library as two files comes beside it" {
	run tar -tf "$work"/clone/build/meson-dist/clonexec-amalgamation-*.tar.xz
	[ "$(sort <<<"$output" | paste -sd ' ')" = \
		"CMakeLists.txt clonexec.c clonexec.h" ]
}
