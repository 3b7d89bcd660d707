#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# That the library has just the interface that src/lib/libclonexec.abi tells;
# and that a library that has not is found out: each is built from the public
# half of the source with one change, and the rest of this build.
# $BUILD: a build directory.

load ../common
bats_require_minimum_version 1.5.0

setup() {
	: "${BUILD:?}"
	[ "$(uname -m)" = x86_64 ] || skip "the file is that of x86-64"
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	work=$BATS_TEST_TMPDIR
	cp -r "$top/include" "$top/src/lib" "$work/"
	header=$work/include/clonexec.h
	status=0
	"$top/scripts/abi" check "$BUILD/src/lib/libclonexec.so.0" \
		>"$work/report" 2>&1 || status=$?
	[ "$status" != 77 ] || cannot "$(cat "$work/report")"
}

# FILE SCRIPT: a change by sed, which must be one.
change() {
	cp "$1" "$work/before"
	sed -i -e "$2" "$1"
	run -1 cmp -s "$work/before" "$1"
}

# The changed library, by the very command that made the real one.
build() {
	local command source

	command=$(jq -r '[.[] | select(.file | endswith("src/lib/api.c"))][0]
		.command' "$BUILD/compile_commands.json")
	command=${command%% -MD *}
	cd "$BUILD"
	for source in "$work"/lib/*.c; do
		eval "${command/ -I/ -I$work/include -I}" -w -c "$source" \
			-o "$source.o"
	done
	${CC:-cc} -shared -o "$work/libclonexec.so" "$work"/lib/*.o \
		src/lib/libclonexec.a -pthread -Wl,-soname,libclonexec.so.0 \
		"-Wl,--version-script=$work/lib/libclonexec.map"
}

# PATTERN: what is said of the changed library.
reported() {
	build
	run -1 "$top/scripts/abi" check "$work/libclonexec.so"
	grep -E "$1" <<<"$output"
}

@test "the interface is the one in src/lib/libclonexec.abi" {
	[ "$status" = 0 ] || {
		cat "$work/report"
		return 1
	}
	run -1 grep -E '/(home|root|tmp|work|build)' "$top/src/lib/libclonexec.abi"
}

@test "control: built the same way, without a change, it is the same" {
	build
	"$top/scripts/abi" check "$work/libclonexec.so"
}

@test "reported: a function that is gone" {
	change "$work/lib/libclonexec.map" '/cx_execlp;/d'
	reported 'Functions changes summary: 1 Removed'
}

@test "reported: a function that is new" {
	change "$work/lib/libclonexec.map" '0,/global:/s//&cx_more;/'
	change "$work/lib/api.c" '$a\
__attribute__((visibility("default"))) int cx_more(void) { return 0; }'
	reported 'Functions changes summary: .* 1 Added'
}

@test "reported: another type of a parameter" {
	change "$header" 's/cx_set_timeout(unsigned int/cx_set_timeout(long/'
	change "$work/lib/api.c" \
		's/cx_set_timeout(unsigned int/cx_set_timeout(long/'
	reported "parameter 1 of type 'unsigned int' changed"
}

@test "reported: another value of an enumerator" {
	change "$header" 's/^	CX_HELPER,/	CX_HELPER = 9,/'
	reported "CX_HELPER' from value '2' to '9'"
}

@test "reported: an enumerator that is new" {
	change "$header" 's/^	CX_HELPER,/&CX_MORE,/'
	reported 'CX_MORE'
}

@test "reported: a member that grows" {
	change "$header" 's/^	int alone;/	long alone;/'
	reported "type of 'int alone' changed"
}

@test "reported: a member that is new" {
	change "$header" 's/^	int fs_private;/& int more;/'
	reported "'int more'"
}
