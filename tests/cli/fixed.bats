#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# A kernel that has the bug fixed, simulated by FIXED_KERNEL (fixed-kernel.c): what
# probe says there, and what the tests of probe and watch come to.

load ../common

setup() {
	: "${CLONEXEC:?}" "${FIXED_KERNEL:?}"
	DIR=$(mktemp -d /var/tmp/fixed-test-XXXXXX)
	chmod 0755 "$DIR"
	install -m 0755 "$FIXED_KERNEL" "$DIR/fixed.so"
	export NO_COLOR=1
}

teardown() {
	rm -rf "$DIR"
}

probe() {
	LD_PRELOAD=$DIR/fixed.so timeout --kill-after=5 600 "$CLONEXEC" probe \
		"$@"
}

need_frozen() {
	need_root
	probe --runs 0 --target setuid --json >"$DIR/json"
	! grep -q '"affected_privileges": null' "$DIR/json" ||
		cannot "the race cannot be frozen here"
}

@test "probe: fixed kernel, nothing to lose, exit status 0" {
	need_frozen
	run probe --runs 10
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == "Fixed kernel: nothing to lose: plain execve kept \
privileges in all 4 frozen races and in all 40 runs, and no thread creation \
failed."* ]]
	[[ "$output" == *"plain execve 0 of 50, clonexec 0 of 200."* ]]
	grep -q '"affected": false' "$DIR/json"
	grep -q '"affected_privileges": false' "$DIR/json"
	grep -q '"affected_eagain": false' "$DIR/json"
	grep -q '"protected": true' "$DIR/json"
}

@test "the same kernel without the simulation is called affected" {
	need_frozen
	need_loss
	run "$CLONEXEC" probe --runs 0 --target setuid
	[[ "$output" == "This kernel is affected:"* ]]
}

@test "probe as a page, and no timeline to draw" {
	need_frozen
	probe --runs 2 --html - >"$DIR/page"
	grep -q 'Fixed kernel: nothing to lose:' "$DIR/page"
	grep -q 'No picture: the frozen race lost nothing' "$DIR/page"
	status=0
	probe --timeline="$DIR/t.svg" >"$DIR/out" 2>"$DIR/err" || status=$?
	[ "$status" -eq 77 ]
	grep -q 'no timeline: the frozen race lost nothing' "$DIR/err"
	[ ! -e "$DIR/t.svg" ]
}

@test "probe without root: thread creations are safe, the rest not known" {
	need_root
	install -m 0755 "$CLONEXEC" "$DIR/clonexec"
	LD_PRELOAD=$DIR/fixed.so run timeout 600 setpriv --reuid 1000 \
		--regid 1000 --clear-groups "$DIR/clonexec" probe --runs 5
	echo "$output"
	[[ "$output" == "Thread creations are safe here:"* ]]
}

@test "a freezer that is broken does not pass for a fixed kernel" {
	need_frozen
	status=0
	BROKEN_FREEZER=1 probe --runs 0 --strategy none --target setuid --json \
		>"$DIR/json" || status=$?
	cat "$DIR/json"
	[ "$status" -eq 77 ]
	grep -q '"affected_privileges": null' "$DIR/json"
	grep -q '"affected_eagain": null' "$DIR/json"
	grep -q '"unfrozen": "a clone that is frozen makes no difference"' \
		"$DIR/json"
	grep -q '"unstopped": "the exec that stands still refuses nobody"' \
		"$DIR/json"
}

# LEAST PROGRAM...: none of these tests fails, and so many controls are turned.
controls_turn() {
	local least=$1 failed turned test
	shift
	for test; do
		LD_PRELOAD=$DIR/fixed.so timeout 1000 "$RACE_TESTS/test-$test" \
			>>"$DIR/tap" 2>&1 || true
	done
	# (What failed is all that is told of it.)
	grep -v '^ok ' "$DIR/tap" || true
	failed=$(grep -c '^not ok' "$DIR/tap") || true
	turned=$(grep -c '^# turned: ' "$DIR/tap") || true
	[ "$failed" -eq 0 ] && [ "$turned" -ge "$least" ]
}

@test "the tests of the race: their controls are turned, and none fails" {
	need_frozen
	controls_turn 6 eagain userns hooks seed doomed
}

@test "and fail if the freezer is broken" {
	need_frozen
	BROKEN_FREEZER=1 controls_turn 0 userns && return 1
	grep '^# .*a clone that is frozen makes no difference' "$DIR/tap"
	BROKEN_FREEZER=1 controls_turn 0 eagain && return 1
	grep '^# .*an exec that stands still refuses nobody' "$DIR/tap"
}

# FILE LEAST: none fails, and so many say why they show nothing.
all_turn() {
	local turned failed
	LD_PRELOAD=$DIR/fixed.so timeout 1500 bats --tap \
		"$BATS_TEST_DIRNAME/$1" >"$DIR/tap" 2>&1 || true
	grep -v '^ok ' "$DIR/tap" || true
	failed=$(grep -c '^not ok' "$DIR/tap") || true
	turned=$(grep -c '^ok .* # skip fixed kernel: nothing ' \
		"$DIR/tap") || true
	echo "# $1: $turned turned" >&3
	[ "$failed" -eq 0 ] && [ "$turned" -ge "$2" ]
}

@test "the tests of probe: none fails, and each says what it is" {
	need_frozen
	all_turn probe.bats 5
}

@test "the tests of its reports, likewise" {
	need_frozen
	all_turn report.bats 4
}

@test "watch says that nothing can be lost, and only there" {
	need_frozen
	need_refusal
	[ -n "${LOSSES:-}" ] || cannot "clonexec watch was not built"
	local said='clonexec: watch: this kernel has the bug fixed: nothing can be lost'
	LD_PRELOAD=$DIR/fixed.so "$CLONEXEC" watch --duration 0.01 \
		>/dev/null 2>"$DIR/err" || true
	grep -Fx "$said" "$DIR/err"
	LD_PRELOAD=$DIR/fixed.so "$CLONEXEC" watch -q --duration 0.01 \
		>/dev/null 2>"$DIR/err" || true
	! grep -F fixed: "$DIR/err" || false
	BROKEN_FREEZER=1 LD_PRELOAD=$DIR/fixed.so "$CLONEXEC" watch \
		--duration 0.01 >/dev/null 2>"$DIR/err" || true
	! grep -F fixed: "$DIR/err" || false
	"$CLONEXEC" watch --duration 0.01 >/dev/null 2>"$DIR/err" || true
	! grep -F fixed: "$DIR/err" || false
}

@test "the tests of watch, likewise" {
	need_frozen
	[ -n "${LOSSES:-}" ] || cannot "clonexec watch was not built"
	"$CLONEXEC" watch --duration 0.01 >/dev/null 2>&1 ||
		cannot "BPF is refused here"
	all_turn ../watch/watch.bats 20
}
