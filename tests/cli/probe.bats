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
	timeout --kill-after=5 600 "$CLONEXEC" probe "$@"
}

# The command as somebody else, who may not see where it was built.
as_nobody() {
	if [ "$(id -u)" -ne 0 ]; then
		run probe "$@"
		return
	fi
	command -v setpriv >/dev/null || cannot "needs setpriv"
	install -m 0755 "$CLONEXEC" "$DIR/clonexec"
	run timeout --kill-after=5 600 setpriv --reuid 1000 --regid 1000 \
		--clear-groups "$DIR/clonexec" probe "$@"
	rm "$DIR/clonexec"
}

# One line on stderr, nothing on stdout, 125.
refuses() {
	local status=0
	timeout 100 "$CLONEXEC" "$@" >"$DIR/out" 2>"$DIR/err" || status=$?
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

empty() {
	[ -z "$(ls -A "$DIR")" ]
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
	refuses probe --json --html -
	refuses probe --json --timeline=-
	refuses probe --html - --timeline=-
}

@test "a bad value is refused" {
	refuses probe --runs
	refuses probe --runs -1
	refuses probe --runs 1x
	refuses probe --runs ''
	refuses probe --runs 99999999999999999999
	refuses probe --seconds 0
	refuses probe --seconds 0.01
	refuses probe --seconds inf
	refuses probe --seconds 1.5x
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
	run timeout 100 "$CLONEXEC" help
	[ "$status" -eq 0 ]
	[[ "$output" == *probe* ]]
	run timeout 100 "$CLONEXEC" --version
	[ "$status" -eq 0 ]
	[[ "$output" == clonexec\ [0-9]* ]]
	run timeout 100 "$CLONEXEC" probe --help
	[ "$status" -eq 0 ]
	[[ "$output" == *"Exit status"* ]]
	[ "$(timeout 100 "$CLONEXEC" help probe)" = "$output" ]
}

@test "stdout that cannot be written is a failure" {
	[ -c /dev/full ] || cannot "needs /dev/full"
	local command

	for command in help version 'run --help' 'probe --help' \
		'watch --help' 'doctor --help' 'guard --help'; do
		# watch and guard are built where they can be.
		if ! timeout 100 "$CLONEXEC" $command >/dev/null; then
			[[ $command == watch* || $command == guard* ]]
			[ "${CLONEXEC_MUST_WORK:-0}" != 1 ]
			continue
		fi
		status=0
		timeout 100 "$CLONEXEC" $command >/dev/full \
			2>"$DIR/err" || status=$?
		lines=$(wc -l <"$DIR/err")
		rm "$DIR/err"
		[ "$status" -eq 125 ]
		[ "$lines" -eq 1 ]
	done
}

# ---- As root ---------------------------------------------------------------

@test "the frozen race: plain execve loses, every strategy keeps" {
	need_root
	need_loss
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
	empty
}

@test "a stopped exec: plain execve refuses each creation" {
	need_refusal
	out=$(probe --runs 0 --target userns --json) || [ "$?" -eq 77 ]
	echo "$out" | json 'j["unstopped"] is None and
		j["affected_eagain"] is True and j["affected"]'
	echo "$out" | json '[(s["strategy"], s["guarded"], s["n"],
		s["refused"]) for s in j["stopped"]] ==
		[("none", False, 50, 50), ("auto", False, 50, 0),
		 ("unshare", False, 50, 0), ("helper", False, 50, 0),
		 ("lock", True, 50, 0)]'
	empty
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
	empty
}

@test "the table has a row for each strategy, the verdict comes first" {
	need_root
	need_loss
	run probe --runs 20 --target setgid,filecaps
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" == "This kernel is affected:"* ]]
	rows=$(echo "$output" | grep -cE '^(setgid|filecaps|  +) .*/20 ')
	[ "$rows" -eq 10 ]
	[[ "$output" == *"auto means"* ]]
	empty
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

# Where it goes beyond the last column it wraps, and fills the screen.
@test "the progress fits any width" {
	python3 - "$CLONEXEC" <<-'END'
	import fcntl, os, pty, struct, subprocess, sys, termios
	for columns, wanted in ((1, ""), (6, "%"), (12, "["), (50, " %  "),
	                        (80, " %  "), (300, " %  ")):
	    ours, theirs = pty.openpty()
	    fcntl.ioctl(theirs, termios.TIOCSWINSZ,
	                struct.pack("HHHH", 24, columns, 0, 0))
	    p = subprocess.Popen([sys.argv[1], "probe", "--seconds", "0.8",
	        "--target", "userns"], stderr=theirs,
	        stdout=subprocess.DEVNULL, env=dict(os.environ, TERM="xterm"))
	    os.close(theirs)
	    drawn = b""
	    try:
	        while (more := os.read(ours, 4096)):
	            drawn += more
	    except OSError:
	        pass  # the other end is closed
	    p.wait()
	    lines = drawn.decode().replace("\033[K", "").split("\r")
	    if p.returncode == 77 and len(lines) < 3:
	        continue  # nothing could be measured
	    assert len(lines) > 2, (columns, lines)
	    assert max(map(len, lines)) < columns or columns == 1, (columns, lines)
	    assert "\n" not in drawn.decode() and wanted in drawn.decode(), lines
	END
}

@test "-q says the verdict only" {
	need_root
	run probe -q --runs 5 --target setuid
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ]
}

# (It would be 20 without.  How much fits in is the machine's business.)
@test "--seconds bounds everything" {
	need_root
	out=$(probe --seconds 2 --json)
	echo "$out" | json 'j["seconds"] < 15 and not j["out_of_time"]'
	empty
}

@test "--seconds takes a fraction" {
	need_root
	out=$(probe --seconds 1.5 --target setuid --json)
	echo "$out" | json '1.3 < j["seconds"] < 15 and not j["out_of_time"]'
	empty
}

@test "^C: what is known so far is told, and then it dies of the signal" {
	need_root
	python3 - "$CLONEXEC" "$DIR" <<-'END'
	import json, os, signal, subprocess, sys, time
	signal.signal(signal.SIGINT, signal.SIG_DFL)
	def interrupt(*options):
	    p = subprocess.Popen([sys.argv[1], "probe", "--target", "setuid",
	        "--runs", "1000000", *options], stdout=subprocess.PIPE,
	        text=True)
	    races = set()  # after so many the frozen ones are done
	    for i in range(6000):
	        with open("/proc/%d/task/%d/children" % (p.pid, p.pid)) as f:
	            races.update(f.read().split())
	        if len(races) > 40:
	            break
	        time.sleep(0.002)
	    p.send_signal(signal.SIGINT)
	    said = p.communicate(timeout=300)[0]
	    assert p.returncode == -signal.SIGINT, (p.returncode, said)
	    return said
	said = interrupt()
	assert "Interrupted: this is what is known so far." in said, said
	assert "none (execve)" in said and "auto means" in said, said
	said = json.loads(interrupt("--json"))
	assert said["interrupted"] and len(said["stopped"]) == 5, said
	page = sys.argv[2] + "/page.html"
	interrupt("--html", page)
	with open(page) as f:
	    assert "Interrupted:" in f.read()
	os.unlink(page)
	END
	empty
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
	fds = "/proc/%d/fd/" % p.pid
	def made():
	    for fd in os.listdir(fds):
	        try:
	            yield os.readlink(fds + fd).startswith(directory + "/")
	        except OSError:
	            pass
	for i in range(200):
	    if sum(made()) == 4:
	        break
	    time.sleep(0.02)
	else:
	    sys.exit("no program was made")
	time.sleep(0.3)
	p.send_signal(number)
	if p.wait(timeout=100) != -number:
	    sys.exit("did not die by the signal: %d" % p.returncode)
	END
	empty
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

# As docker kill does, or the kernel that kills a cgroup for its memory.
@test "killed with all that it has started it leaves nothing behind" {
	need_root
	timeout 600 "$BATS_TEST_DIRNAME/killall.py" "$DIR" 4 \
		"$CLONEXEC" probe --seconds 100 --html "$DIR/page.html"
	empty
	# Who cleans up is killed as well: that is what the files are without
	# a name for.
	timeout 600 "$BATS_TEST_DIRNAME/killall.py" "$DIR" 1 sh -c '
		install -m 4755 "$0" "$1-setuid" && mv "$1-setuid" "$1/setuid"
		(while kill -0 $$; do sleep 0.1; done; rm "$1/setuid") &
		sleep 100' /bin/true "$DIR"
	[ "$(find "$DIR" -type f -perm /6000)" = "$DIR/setuid" ]
	rm "$DIR/setuid"
}

@test "its programs have no name, and nobody else reaches them" {
	need_root
	"$CLONEXEC" probe --seconds 100 --target setuid --strategy none \
		--runs 1000000 >/dev/null 3>&- &
	local pid=$! i fd=''
	for i in $(seq 250); do
		fd=$(find "/proc/$pid/fd" -lname "$DIR/*" | head -n 1)
		[ -z "$fd" ] || break
		sleep 0.02
	done
	[ -n "$fd" ]
	empty
	"$fd"
	# (setpriv itself still has capabilities when it calls exec.)
	run setpriv --reuid 1001 --regid 1001 --clear-groups \
		sh -c 'exec "$0"' "$fd"
	echo "$status: $output"
	kill $pid
	wait $pid || true
	[ "$status" = 126 ] || [ "$status" = 127 ]
	empty
}

# ---- Without root ----------------------------------------------------------

@test "without root the user namespace is tested, the rest said" {
	as_nobody --runs 100
	echo "$output"
	[[ "$output" == *"not tested here: setuid, because it needs root"* ]]
	[[ "$output" == *"not tested here: setgid, because it needs root"* ]]
	[[ "$output" == *"not tested here: filecaps, because it needs root"* ]]
	if [[ "$output" == *"not tested here: userns"* ]]; then
		[ "$status" -eq 77 ]
		cannot "no user namespaces for users"
	fi
	[ "$status" -eq 0 ]
	[[ "$output" == *"userns"*"/100"* ]]
	empty
}

@test "without root half of the bug is shown for certain" {
	need_refusal
	as_nobody --runs 100
	echo "$output"
	[[ "$output" == "This kernel is affected:"* ]]
	[[ "$output" == *"refused (EAGAIN) beside a stopped exec: plain execve \
50 of 50, clonexec 0 of "* ]]
	[[ "$output" != *"proves nothing"* ]]
	empty
}

@test "a user namespace that maps one id: not tested here, because, and on" {
	need_refusal
	run timeout 100 unshare -Ur true
	[ "$status" -eq 0 ] || cannot "no user namespaces"
	run timeout --kill-after=5 600 unshare -Ur "$CLONEXEC" probe --runs 20
	echo "$output"
	[ "$status" -eq 0 ]
	local target
	for target in setuid setgid filecaps; do
		[[ "$output" == *"not tested here: $target, because this user \
namespace maps no second id"* ]]
	done
	[[ "$output" != *"Invalid argument"* ]]
	[[ "$output" == "This kernel is affected:"* ]]
	[[ "$output" == *"userns  none (execve)"*"/20 "* ]]
	# Nor is root what is missing, to one who is not root in there (bwrap).
	run unshare -U "$CLONEXEC" probe --runs 0
	[[ "$output" == *"not tested here: setuid, because this user namespace \
maps no second id"* ]]
	empty
}

@test "without root set-uid alone cannot be tested: 77" {
	as_nobody --target setuid
	[ "$status" -eq 77 ]
	[[ "$output" == *"not tested here: setuid, because it needs root"* ]]
	empty
}

@test "no_new_privs is seen and said: 77" {
	need_root
	command -v setpriv >/dev/null || cannot "needs setpriv"
	run timeout 600 setpriv --no-new-privs "$CLONEXEC" probe \
		--target setuid,setgid,filecaps
	echo "$output"
	[ "$status" -eq 77 ]
	[[ "$output" == *"not tested here: setuid, because no_new_privs"* ]]
}

# Its own execve would be no plain one.
@test "under the preload library no kernel is called fixed" {
	[ -n "$CLONEXEC_PRELOAD" ] || cannot "needs CLONEXEC_PRELOAD"
	# (ASan's runtime wants to come first, where the command has one.)
	ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=$CLONEXEC_PRELOAD \
		run probe --runs 5 --target userns
	echo "$output"
	[[ "$output" == *"not tested here: none, because libclonexec-preload.so \
protects this command, too"* ]]
	[[ "$output" == "Plain execve was not tried."* ]]
}

# On one CPU beside busy loops, with what they leave: 0.3 % of it.
@test "a busy machine is no reason to say BROKEN" {
	need_root
	need_loss
	command -v chrt >/dev/null || cannot "needs chrt"
	local i pids=()
	for i in 1 2; do
		taskset -c 0 timeout 600 sh -c 'while :; do :; done' 3>&- &
		pids+=($!)
	done
	run taskset -c 0 chrt -i 0 timeout 550 "$CLONEXEC" probe --seconds 1 \
		--target setuid,userns --strategy none,auto
	kill "${pids[@]}"
	echo "$output"
	[ "$status" -eq 0 ] || [ "$status" -eq 77 ]
	[[ "$output" != *BROKEN* && "$output" != *"timed out"* ]]
	[[ "$output" == "This kernel is affected:"* ||
		"$output" == *"Too busy to tell:"*" of "* ]]
	empty
}

@test "a TMPDIR that is not there is passed by" {
	TMPDIR=/nonexistent run probe --runs 1 --target userns --strategy auto
	[ "$status" -eq 0 ] || [ "$status" -eq 77 ]
}
