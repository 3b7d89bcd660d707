#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What `make install` puts where, and that a program can be built from it.
# $BUILD: a build directory.

load ../common

setup() {
	make_place
	root=$place/root
	DESTDIR=$root timeout 60 meson install -C "$BUILD" --no-rebuild --quiet
	lib=$(dirname "$(find "$root" -name libclonexec.so.0)")
	export PKG_CONFIG_PATH=$lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root
}

teardown() {
	rm -r "$place"
}

program() {
	cat >"$BATS_TEST_TMPDIR/p.c" <<-'EOF'
	#include <clonexec.h>
	int main(void)
	{
		struct cx_status s = { .size = sizeof s };
		return cx_status(&s) || cx_execlp("true", "true", (char *)0);
	}
	EOF
	echo "$BATS_TEST_TMPDIR/p.c"
}

@test "header, shared and static library, pkg-config file and command" {
	find "$root" -name clonexec.h | grep -q /include/clonexec.h
	[ -e "$lib/libclonexec.so.0" ]
	[ -e "$lib/libclonexec.so" ]
	[ -e "$lib/libclonexec.a" ]
	[ -e "$lib/pkgconfig/clonexec.pc" ]
	find "$root" -path '*/bin/clonexec' -perm -755 | grep -q .
}

# Found from the command, wherever the tree was moved to.
@test "clonexec-watch, where it was built" {
	[ -e "$BUILD/src/watch/clonexec-watch" ] || skip "built without"
	find "$root" -path '*/clonexec/clonexec-watch' -perm -755 | grep -q .
	run "$(find "$root" -path '*/bin/clonexec')" watch --help
	[ "$status" -eq 0 ]
	[[ $output == Usage:* ]]
}

@test "clonexec-guard, where it was built" {
	[ -e "$BUILD/src/guard/clonexec-guard" ] || skip "built without"
	find "$root" -path '*/clonexec/clonexec-guard' -perm -755 | grep -q .
	run "$(find "$root" -path '*/bin/clonexec')" guard --help
	[ "$status" -eq 0 ]
	[[ $output == Usage:* ]]
	# Of the prefix, and off.
	find "$root" -path '*/lib/systemd/system/clonexec-guard.service' |
		grep -q .
	! find "$root" -path '*.wants/*' | grep -q . || false
}

# Where each shell looks of itself.
@test "completion for bash, zsh and fish" {
	share=$(dirname "$(find "$root" -name bash-completion)")
	grep -q '^complete .* clonexec$' \
		"$share/bash-completion/completions/clonexec"
	grep -qx '#compdef clonexec' "$share/zsh/site-functions/_clonexec"
	grep -q '^complete -c clonexec' \
		"$share/fish/vendor_completions.d/clonexec.fish"
}

@test "the library exports cx_ names only, with a version" {
	readelf -d "$lib/libclonexec.so.0" | grep -q 'SONAME.*libclonexec.so.0'
	run bash -c "nm -D --defined-only '$lib/libclonexec.so.0' |
		awk '\$2 != \"A\" {print \$3}' |
		grep -v '^cx_[a-z_]*@@CLONEXEC_0\.[12]\$' |
		grep -v '^clonexec_copy@@CLONEXEC_PRIVATE\$'"
	[ -z "$output" ]
	[ "$(nm -D --defined-only "$lib/libclonexec.so.0" | grep -c ' T cx_')" = 22 ]
}

@test "a C program through pkg-config, shared" {
	${CC:-cc} -o "$BATS_TEST_TMPDIR/p" "$(program)" \
		$(pkg-config --cflags --libs clonexec)
	LD_LIBRARY_PATH=$lib timeout 10 "$BATS_TEST_TMPDIR/p"
}

@test "a C program through pkg-config, static" {
	${CC:-cc} -static -o "$BATS_TEST_TMPDIR/p" "$(program)" \
		$(pkg-config --static --cflags --libs clonexec)
	timeout 10 "$BATS_TEST_TMPDIR/p"
}

@test "the header suits C++ and strict C11" {
	echo '#include <clonexec.h>' >"$BATS_TEST_TMPDIR/h.c"
	${CC:-cc} -std=c11 -pedantic-errors -Wall -Wextra -Werror -fsyntax-only \
		$(pkg-config --cflags clonexec) "$BATS_TEST_TMPDIR/h.c"
	command -v c++ >/dev/null || return 0 # the C half has been seen
	c++ -x c++ -std=c++11 -pedantic-errors -Wall -Wextra -Werror \
		-fsyntax-only $(pkg-config --cflags clonexec) \
		"$BATS_TEST_TMPDIR/h.c"
}

@test "the installed command runs from where it is" {
	run timeout 10 "$(find "$root" -path '*/bin/clonexec')" --version
	[ "$status" = 0 ]
	[[ "$output" == "clonexec 0."* ]]
}
