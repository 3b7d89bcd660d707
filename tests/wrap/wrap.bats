#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A static program that knows nothing of clonexec (tests/preload's), linked as
# it is and with the flags of clonexec-wrap.pc, from an installed tree.
# $BUILD: a build directory; $SOURCE: the project; $CC: its compiler, which may
# be musl's; $FLAGS: what those programs are compiled with; $TARGET.

load ../common
bats_require_minimum_version 1.5.0

setup_file() {
	: "${BUILD:?}" "${SOURCE:?}" "${CC:?}" "${FLAGS:?}" "${TARGET:?}"
	unset LD_PRELOAD
	# Where nobody may go, unlike the build directory.
	work=$(mktemp -d /tmp/cx-wrap-XXXXXX)
	chmod 755 "$work"
	export work
	DESTDIR=$work/root timeout 60 meson install -C "$BUILD" --no-rebuild \
		--quiet
	pc=$(find "$work/root" -name clonexec-wrap.pc)
	export PKG_CONFIG_PATH=${pc%/*} PKG_CONFIG_SYSROOT_DIR=$work/root
	wrap=$(pkg-config --static --libs clonexec-wrap)
	# The flags and the compiler are meant to be split.
	# shellcheck disable=SC2086
	for p in family frozen; do
		$CC $FLAGS -c "$SOURCE/tests/preload/$p.c" -o "$work/$p.o"
		$CC -static "$work/$p.o" -o "$work/$p-plain" -pthread
		$CC -static "$work/$p.o" -o "$work/$p-wrapped" $wrap
	done
	cp "$TARGET" "$work/setuid"
	[ "$(id -u)" != 0 ] || chmod 4755 "$work/setuid"
	chmod -R a+rX "$work"
}

teardown_file() {
	[ -z "${work-}" ] || rm -r "$work"
}

@test "they are static, and the same objects" {
	for p in family-plain family-wrapped frozen-plain frozen-wrapped; do
		run readelf -ld "$work/$p"
		[[ $output == *LOAD* ]]
		[[ $output != *INTERP* && $output != *NEEDED* ]]
	done
	run nm "$work/family-wrapped"
	for name in execve execv execvp execvpe execl execlp execle fexecve \
		execveat pthread_create; do
		grep -q " T __wrap_$name\$\| t __wrap_$name\$" <<<"$output"
	done
}

# (Not execveat: musl has no such function.)
@test "each function keeps the privileges, the race frozen" {
	need_root
	for name in execve execv execvp execvpe execl execlp execle fexecve; do
		run timeout 20 "$work/frozen-plain" $name "$work/setuid"
		[ "$status" != 77 ] || cannot "cannot freeze: $output"
		[[ $output == "1000 1000 1000 1000 "* ]]
		run timeout 20 "$work/frozen-wrapped" $name "$work/setuid"
		[[ $output == "1000 0 0 1000 "* ]]
	done
}

@test "the same errors and arguments, forked, vforked, threaded, in a handler" {
	for p in plain wrapped; do
		mkdir "$work/$p"
		timeout 120 "$work/family-$p" "$work/$p" |
			sed 's,/family-[a-z]*,,g' >"$work/$p.out"
	done
	[ "$(wc -l <"$work/plain.out")" -gt 500 ]
	diff "$work/plain.out" "$work/wrapped.out"
}

@test "a program that only says system() links, and so does one with threads" {
	for text in 'return system("exit 3") != 768;' \
		'pthread_t t; return pthread_create(&t, 0, f, 0) ||
			pthread_join(t, 0);'; do
		cat >"$work/p.c" <<-END
		#include <pthread.h>
		#include <stdlib.h>
		void *f(void *arg) { return arg; }
		int main(void) { $text }
		END
		# shellcheck disable=SC2046,SC2086
		$CC -static "$work/p.c" -o "$work/p" \
			$(pkg-config --static --libs clonexec-wrap)
		timeout 20 "$work/p"
	done
}

@test "a program that calls the library itself may be linked so too" {
	cat >"$work/p.c" <<-'END'
	#include <clonexec.h>
	#include <unistd.h>
	void *f(void *arg) { pause(); return arg; }
	int main(void)
	{
		pthread_t t;
		if (cx_pthread_create(&t, 0, f, 0)) return 2;
		execl("/nowhere", "x", (char *)0);
		return cx_execlp("true", "true", (char *)0);
	}
	END
	# shellcheck disable=SC2046,SC2086
	$CC -static "$work/p.c" -o "$work/p" \
		$(pkg-config --static --cflags --libs clonexec-wrap)
	timeout 20 "$work/p"
}
