# SPDX-License-Identifier: MIT
# A kernel that refuses 32-bit programs is noticed, and is no failure.
bats_require_minimum_version 1.5.0
load ../common

setup() {
	top=$BATS_TEST_DIRNAME/../..
	without_32=$BATS_TEST_DIRNAME/without-32
	command -v unshare >/dev/null || cannot "needs unshare"
	gcc -m32 -x c -o /dev/null - <<<'int main(void){return 0;}' \
		2>/dev/null || cannot "no 32-bit compiler"
	run timeout 60 "$without_32" true
	[ "$status" != 78 ] ||
		absent "no binfmt_misc of its own for a user namespace"
	[ "$status" = 0 ]
	cd "$BATS_TEST_TMPDIR"
}

@test "it is found out by running a program, and said in one line" {
	run -1 timeout 60 "$without_32" "$top/scripts/runs-32"
	[ "${#lines[@]}" = 1 ]
	[[ $output == "this kernel runs no 32-bit program (Exec format error)" ]]
	# The control: only there.
	run timeout 60 unshare -Urm "$top/scripts/runs-32"
	[ "$status" = 0 ] || skip "${output}"
}

@test "what needs one is skipped, also where everything must work" {
	# (bats in bats: without the outer one's variables and directory.)
	run -0 env -i PATH="${PATH//$BATS_LIBEXEC:/}" CLONEXEC="$CLONEXEC" CLONEXEC_MUST_WORK=1 \
		CLONEXEC_PRELOAD="$CLONEXEC_PRELOAD" ELF_FILES="$ELF_FILES" \
		timeout 120 "$without_32" bats --tap \
		-f "does not get the shim" "$top/tests/cli/run.bats"
	[[ $output == *"ok 1 "*"# skip this kernel runs no 32-bit program"* ]]
}

@test "the i386 tree is set up and built all the same" {
	timeout 60 "$without_32" "$top/tests/matrix/cross-file" i386 >i386.ini
	run -0 timeout 300 "$without_32" meson setup --cross-file i386.ini \
		-Dwatch=disabled "$PWD/build" "$top"
	timeout 300 ninja -C build
}
