#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# clonexec probe, as a person calls it.  CLONEXEC is the path of the command;
# CLONEXEC_MUST_WORK=1 turns skips into failures.

load ../common

setup() {
	CLONEXEC=${CLONEXEC:-clonexec}
	# Everybody can reach it: the probe races as an unprivileged user.
	DIR=$(mktemp -d /var/tmp/probe-test-XXXXXX)
	chmod 0777 "$DIR"
	export TMPDIR=$DIR NO_COLOR=1
}

teardown() {
	rmdir "$DIR"
}

probe() {
	timeout --kill-after=5 60 "$CLONEXEC" probe "$@"
}

# The command as somebody else, who may not see where it was built.
as_nobody() {
	if [ "$(id -u)" -ne 0 ]; then
		run probe "$@"
		return
	fi
	command -v setpriv >/dev/null || cannot "needs setpriv"
	install -m 0755 "$CLONEXEC" "$DIR/clonexec"
	run timeout --kill-after=5 60 setpriv --reuid 1000 --regid 1000 \
		--clear-groups "$DIR/clonexec" probe "$@"
	rm "$DIR/clonexec"
}

# One line on stderr, nothing on stdout, 125.
refuses() {
	local status=0
	timeout 10 "$CLONEXEC" "$@" >"$DIR/out" 2>"$DIR/err" || status=$?
	local out err
	out=$(wc -c <"$DIR/out")
	err=$(wc -l <"$DIR/err")
	cat "$DIR/err"
	grep -q '^clonexec: ' "$DIR/err" || err=none
	rm "$DIR/out" "$DIR/err"
	[ "$status" -eq 125 ] && [ "$out" -eq 0 ] && [ "$err" = 1 ]
}

json() {
	python3 -c 'import json, sys
j = json.load(sys.stdin)
assert ('"$1"'), j'
}

# Looked at for two seconds: the janitor comes after the command is gone.
empty_soon() {
	local i
	for i in $(seq 40); do
		[ -z "$(ls -A "$DIR")" ] && return 0
		sleep 0.05
	done
	ls -lR "$DIR"
	return 1
}

# ---- Options ---------------------------------------------------------------

@test "an unknown command is refused" {
	refuses nonsense
	refuses
	refuses --nonsense
	refuses help nonsense
}

@test "an unknown option is refused" {
	refuses probe --nonsense
	refuses probe -Z
	refuses probe operand
	refuses probe --json=yes
}

@test "a bad value is refused" {
	refuses probe --runs
	refuses probe --runs -1
	refuses probe --runs 1x
	refuses probe --runs ''
	refuses probe --runs 99999999999999999999
	refuses probe --seconds 0
	refuses probe --until-ci 0
	refuses probe --until-ci nan
	refuses probe --target sudo
	refuses probe --target setuid,
	refuses probe --target ''
	refuses probe --strategy auto,,lock
}

@test "an argument with a newline still gives one line" {
	refuses probe "--non
sense"
	refuses probe --target "a
b"
}

@test "help and version" {
	run timeout 10 "$CLONEXEC" help
	[ "$status" -eq 0 ]
	[[ "$output" == *probe* ]]
	run timeout 10 "$CLONEXEC" --version
	[ "$status" -eq 0 ]
	[[ "$output" == clonexec\ [0-9]* ]]
	run timeout 10 "$CLONEXEC" probe --help
	[ "$status" -eq 0 ]
	[[ "$output" == *"Exit status"* ]]
	[ "$(timeout 10 "$CLONEXEC" help probe)" = "$output" ]
}

@test "stdout that cannot be written is a failure" {
	[ -c /dev/full ] || cannot "needs /dev/full"
	status=0
	timeout 10 "$CLONEXEC" help >/dev/full 2>"$DIR/err" || status=$?
	lines=$(wc -l <"$DIR/err")
	rm "$DIR/err"
	[ "$status" -eq 125 ] && [ "$lines" -eq 1 ]
}

# ---- As root ---------------------------------------------------------------

@test "the frozen race: plain execve loses, every strategy keeps" {
	need_root
	out=$(probe --runs 0 --json) || { echo "$out"; false; }
	echo "$out"
	if echo "$out" | json 'j["unfrozen"] is not None'; then
		cannot "cannot freeze here"
	fi
	echo "$out" | json 'j["affected"] and j["protected"]'
	echo "$out" | json '[] == j["untested"]'
	echo "$out" | json '20 == len(j["frozen"])'
	echo "$out" | json 'all(f["n"] > 0 and f["verdict"] == (
		"lost" if f["strategy"] == "none" else "kept")
		for f in j["frozen"])'
	empty_soon
}

@test "rates: the number of runs, the interval, no loss, no EAGAIN" {
	need_root
	out=$(probe --runs 100 --target setuid --json)
	echo "$out" | json '5 == len(j["rates"])'
	echo "$out" | json 'all(r["n"] == 100 and r["broken"] == 0 and
		0 <= r["lo"] <= r["k"] / r["n"] <= r["hi"] <= 1
		for r in j["rates"])'
	echo "$out" | json 'all(r["k"] == 0 and r["eagain"] == 0 and
		abs(r["hi"] - 0.0370) < 0.0001
		for r in j["rates"] if r["strategy"] != "none")'
	empty_soon
}

@test "the table has a row for each strategy, the verdict comes first" {
	need_root
	run probe --runs 20 --target setgid,filecaps
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" == "This kernel is affected:"* ]]
	rows=$(echo "$output" | grep -cE '^(setgid|filecaps|  +) .*/20 ')
	[ "$rows" -eq 10 ]
	[[ "$output" == *"auto means"* ]]
	empty_soon
}

@test "lists choose targets and strategies" {
	need_root
	out=$(probe --runs 3 --target setuid,userns --strategy none,lock --json)
	echo "$out" | json '[(r["target"], r["strategy"]) for r in j["rates"]]
		== [("setuid", "none"), ("setuid", "lock"),
		    ("userns", "none"), ("userns", "lock")]'
}

@test "progress stays off stderr when that is no terminal" {
	need_root
	probe --runs 20 --target setuid >/dev/null 2>"$DIR/err"
	size=$(wc -c <"$DIR/err")
	rm "$DIR/err"
	[ "$size" -eq 0 ]
}

@test "-q says the verdict only" {
	need_root
	run probe -q --runs 5 --target setuid
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
}

@test "--seconds bounds everything" {
	need_root
	start=$(date +%s)
	out=$(probe --seconds 2 --json)
	[ $(($(date +%s) - start)) -le 4 ]
	echo "$out" | json 'j["seconds"] <= 2.5'
	echo "$out" | json 'all(r["n"] > 0 for r in j["rates"])'
	echo "$out" | json 'not j["out_of_time"]'
}

@test "--until-ci stops when the interval is narrow enough" {
	need_root
	out=$(probe --until-ci 4 --target setuid --strategy auto --json)
	echo "$out" | json 'all(r["hi"] - r["lo"] < 0.04 and r["n"] < 200
		for r in j["rates"])'
}

# ---- What is left behind ---------------------------------------------------

left_nothing_after() {
	need_root
	# Not bash's own background job: there SIGINT would be ignored.
	python3 - "$CLONEXEC" "$1" "$DIR" <<-'END'
	import os, signal, subprocess, sys, time
	command, name, directory = sys.argv[1:]
	number = getattr(signal, name)
	if name != "SIGKILL":
	    signal.signal(number, signal.SIG_DFL)  # under nohup it is ignored
	p = subprocess.Popen([command, "probe", "--seconds", "30"],
	                     stdout=subprocess.DEVNULL)
	for i in range(200):
	    made = os.listdir(directory)
	    if made and len(os.listdir(os.path.join(directory, made[0]))) == 4:
	        break
	    time.sleep(0.02)
	else:
	    sys.exit("no directory was made")
	time.sleep(0.3)
	p.send_signal(number)
	if p.wait(timeout=10) != -number:
	    sys.exit("did not die by the signal: %d" % p.returncode)
	END
	empty_soon
}

@test "SIGINT leaves nothing behind" {
	left_nothing_after SIGINT
}

@test "SIGTERM and SIGHUP leave nothing behind" {
	left_nothing_after SIGTERM
	left_nothing_after SIGHUP
}

@test "SIGKILL leaves nothing behind" {
	left_nothing_after SIGKILL
}

@test "the directory is closed to other users while it is there" {
	need_root
	probe --seconds 4 >/dev/null &
	for i in $(seq 100); do
		made=$(ls "$DIR")
		[ -n "$made" ] && [ -e "$DIR/$made/setuid" ] && break
		sleep 0.02
	done
	run stat -c '%U %a' "$DIR/$made"
	wait
	[ "$output" = "root 710" ]
}

# ---- Without root ----------------------------------------------------------

@test "without root the user namespace is tested, the rest said" {
	as_nobody --runs 100
	echo "$output"
	[[ "$output" == *"not tested: setuid: needs root"* ]]
	[[ "$output" == *"not tested: setgid: needs root"* ]]
	[[ "$output" == *"not tested: filecaps: needs root"* ]]
	if [[ "$output" == *"not tested: userns"* ]]; then
		[ "$status" -eq 77 ]
		cannot "no user namespaces for users"
	fi
	[ "$status" -eq 0 ]
	[[ "$output" == *"userns"*"/100"* ]]
	empty_soon
}

@test "without root set-uid alone cannot be tested: 77" {
	as_nobody --target setuid
	[ "$status" -eq 77 ]
	[[ "$output" == *"not tested: setuid: needs root"* ]]
	empty_soon
}

@test "no_new_privs is seen and said: 77" {
	need_root
	command -v setpriv >/dev/null || cannot "needs setpriv"
	run timeout 60 setpriv --no-new-privs "$CLONEXEC" probe \
		--target setuid,setgid,filecaps
	echo "$output"
	[ "$status" -eq 77 ]
	[[ "$output" == *"not tested: setuid: no_new_privs"* ]]
}

@test "a TMPDIR that is not there is passed by" {
	TMPDIR=/nonexistent run probe --runs 1 --target userns --strategy auto
	[ "$status" -eq 0 ] || [ "$status" -eq 77 ]
}
