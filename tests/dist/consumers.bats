#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A program that takes the library by each build system, and what it is worth
# then: the frozen race, lost by execve and kept by clonexec.
# $BUILD, $FREEZER, $TARGET: those of tests/examples.

load ../common
bats_require_minimum_version 1.5.0

setup_file() {
	: "${BUILD:?}" "${FREEZER:?}" "${TARGET:?}"
	unset LD_PRELOAD MAKEFLAGS MAKELEVEL
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	work=$(mktemp -d /tmp/cx-consumers-XXXXXX)
	chmod 755 "$work"
	export top work
	DESTDIR=$work/root timeout 60 meson install -C "$BUILD" --no-rebuild \
		--quiet
	lib=$(dirname "$(find "$work/root" -name libclonexec.so.0)")
	export lib PKG_CONFIG_PATH=$lib/pkgconfig
	export PKG_CONFIG_SYSROOT_DIR=$work/root LD_LIBRARY_PATH=$lib
	cp "$FREEZER" "$work/freezer.so"
	mkdir "$work/bin"
	cp "$TARGET" "$work/bin/sudo"
	[ "$(id -u)" != 0 ] || chmod 4755 "$work/bin/sudo"
	export sudo=$work/bin/sudo
	cp "$BATS_TEST_DIRNAME"/consumers/consumer.* "$work"
}

setup() {
	cd "$work"
	mkdir "$BATS_TEST_NUMBER"
	cd "$BATS_TEST_NUMBER"
}

teardown_file() {
	[ -z "${work-}" ] || rm -rf "$work"
}

# Plain execve loses, ours keeps.
worth() {
	need_root
	chmod -R a+rX "$work"
	run timeout 20 env LD_PRELOAD="$work/freezer.so" "$1" "$sudo" plain
	[ "$status" != 77 ] || cannot "cannot freeze the race here: $output"
	[[ $output == "65534 65534 65534 "* ]]
	run timeout 20 env LD_PRELOAD="$work/freezer.so" "$1" "$sudo"
	[[ $output == "65534 0 0 "* ]]
}

@test "pkg-config, shared" {
	# shellcheck disable=SC2046
	cc -o consumer ../consumer.c $(pkg-config --cflags --libs clonexec)
	ldd consumer | grep -q libclonexec
	worth ./consumer
}

@test "pkg-config, static" {
	# shellcheck disable=SC2046
	cc -static -o static ../consumer.c \
		$(pkg-config --static --cflags --libs clonexec)
	# (A static program loads no freezer.)
	# shellcheck disable=SC2046
	cc -o consumer ../consumer.c $(pkg-config --cflags clonexec) \
		"$lib/libclonexec.a" -pthread
	run -1 grep -q libclonexec <<<"$(ldd consumer)"
	worth ./consumer
}

@test "a Makefile and the two files" {
	make -s -C "$top" amalgamation BUILD="$PWD"
	cp ../consumer.c amalgamation
	cd amalgamation
	printf '%s\n' 'CFLAGS = -O2 -I.' 'LDLIBS = -pthread' \
		'consumer: consumer.o clonexec.o' >Makefile
	make -s
	worth ./consumer
}

@test "CMake: find_package" {
	command -v cmake >/dev/null || cannot "needs cmake"
	cat >CMakeLists.txt <<-'END'
		cmake_minimum_required(VERSION 3.13)
		project(consumer C)
		find_package(clonexec 0.2 REQUIRED)
		add_executable(consumer ../consumer.c)
		target_link_libraries(consumer clonexec::clonexec)
		add_executable(consumer-static ../consumer.c)
		target_link_libraries(consumer-static clonexec::static)
	END
	cmake -B build -DCMAKE_PREFIX_PATH="$lib/cmake" >/dev/null
	cmake --build build >/dev/null
	worth build/consumer
	worth build/consumer-static
	sed -i 's/clonexec 0.2/clonexec 99/' CMakeLists.txt
	run ! cmake -B newer -DCMAKE_PREFIX_PATH="$lib/cmake"
	[[ $output == *"requested version \"99\""* ]]
}

@test "CMake: add_subdirectory of the two files" {
	command -v cmake >/dev/null || cannot "needs cmake"
	make -s -C "$top" amalgamation BUILD="$PWD"
	cat >CMakeLists.txt <<-'END'
		cmake_minimum_required(VERSION 3.13)
		project(consumer C)
		add_subdirectory(amalgamation)
		add_executable(consumer ../consumer.c)
		target_link_libraries(consumer clonexec::clonexec)
	END
	cmake -B build >/dev/null
	cmake --build build >/dev/null
	worth build/consumer
}

@test "meson: a subproject, of which only the library is built" {
	mkdir -p subprojects/clonexec
	tar -C "$top" --exclude='./build*' --exclude=./.git -cf - . |
		tar -C subprojects/clonexec -xf -
	printf '%s\n' "project('consumer', 'c')" \
		"executable('consumer', '../consumer.c'," \
		"	dependencies: dependency('clonexec'," \
		"		fallback: 'clonexec'))" >meson.build
	PKG_CONFIG_PATH=/nowhere meson setup build --wrap-mode=forcefallback \
		>log || { cat log; false; }
	ninja -C build >log || { cat log; false; }
	[ ! -e build/subprojects/clonexec/src/cli ]
	worth build/consumer
}

@test "C++17: clonexec.hpp, and its exec_guard around plain execve" {
	local compiler
	for compiler in g++ clang++; do
		command -v $compiler >/dev/null || continue
		# shellcheck disable=SC2046
		$compiler -std=c++17 -Wall -Wextra -pedantic -Werror \
			-o consumer ../consumer.cpp \
			$(pkg-config --cflags --libs clonexec)
		worth ./consumer
	done
	[ -e consumer ] || cannot "needs a C++ compiler"
}

@test "Zig: the two files, by @cImport" {
	command -v zig >/dev/null || absent "there is no zig (nor has Debian 12)"
	"$top/scripts/amalgamate" .
	ZIG_GLOBAL_CACHE_DIR=$PWD/cache zig build-exe ../consumer.zig -I. -lc \
		-cflags -std=gnu11 -fno-sanitize=undefined -- clonexec.c
	worth ./consumer
}

@test "clonexec.h is clean from C89 to C23 and from C++98 to C++20" {
	local std
	echo '#include <clonexec.h>' >h.c
	echo '#include <clonexec.h>' >h.cpp
	for std in c89 c99 c11 c2x; do
		cc -std=$std -pedantic -Wall -Wextra -Werror \
			-I"$top/include" -fsyntax-only h.c
	done
	command -v g++ >/dev/null || cannot "needs g++"
	for std in c++98 c++11 c++17 c++20; do
		g++ -std=$std -pedantic -Wall -Wextra -Werror \
			-I"$top/include" -fsyntax-only h.cpp
	done
}
