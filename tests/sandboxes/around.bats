# SPDX-License-Identifier: MIT
# Real sandboxes around programs: inside, each does the same with the shim and
# without.  $CLONEXEC_PRELOAD is the shim, $HARMLESS a directory with
# tests/harmless/threaded.c, $SANDBOXES one with compile's filters.

bats_require_minimum_version 1.5.0
load ../common

setup_file() {
	copy_shim
	cp "${HARMLESS:?}/threaded" "$SHIM_DIR/"
	chmod 755 "$SHIM_DIR/threaded"
}

teardown_file() {
	rm -f "$SHIM_DIR/threaded"
	remove_shim
}

setup() {
	: "${SANDBOXES:?}"
	compile=$BATS_TEST_DIRNAME/compile
	sandboxes=$(realpath "$SANDBOXES")
	shim=$SHIM_DIR/libclonexec-preload.so
	threaded=$SHIM_DIR/threaded
	unset LD_PRELOAD CLONEXEC_STRATEGY CLONEXEC_DEBUG CLONEXEC_DISABLE
	unset CLONEXEC_NO_INHERIT
	cd "$BATS_TEST_TMPDIR"
}

need() {
	for p; do
		command -v "$p" >/dev/null || cannot "$p is not here"
	done
}

# What runs inside: a shell, which forks and execs with one thread; a program
# with many threads, which does; and Python, which execs with two.
shell='ls /bin/sh; echo pipe | cat; (exit 3); echo $?; no-such-command
	/ 2>/dev/null; echo $?; exec echo last'
python='import os, threading, time
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print(os.system("exit 2"), os.spawnlp(os.P_WAIT, "sh", "sh", "-c", "exit 4"))
try: os.execv("/no/such", ["x"])
except OSError as e: print(e, flush=True)
os.execlp("echo", "echo", "last")'

# SANDBOX...: the function runs a command in it.  That there is a filter is the
# first thing to know: else nothing was tried.
same_inside() {
	"$@" true || cannot "not possible here: $*"
	"$@" grep -q '^Seccomp:[[:space:]]*2$' /proc/self/status ||
		{ echo "no filter in: $*"; return 1; }
	same "$@" -- sh -c "$shell"
	same "$@" -- "$threaded" echo last
	same "$@" -- /usr/bin/python3 -c "$python"
}

# Without ("plain") and with the shim, from inside on.
side() {
	local status=0

	"$@" </dev/null >said 2>&1 || status=$?
	cat said
	echo "exit $status"
}

same() {
	local sandbox=()

	while [ "$1" != -- ]; do
		sandbox+=("$1")
		shift
	done
	shift
	side "${sandbox[@]}" env "$@" >without
	side "${sandbox[@]}" env LD_PRELOAD="$shim" "$@" >with
	grep -q '^exit 0$' without ||
		{ echo "does not work without the shim:"; cat without; return 1; }
	diff without with ||
		{ echo "differs with the shim: ${sandbox[*]}: ${*:1:2}"; return 1; }
}

need_root_and_bwrap() {
	need_root
	need bwrap python3
}

# The filter is read from descriptor 7.
bubble() {
	local filter=$1

	shift
	timeout 120 bwrap --ro-bind / / --dev /dev --proc /proc --die-with-parent \
		--seccomp 7 "$@" 7<"$filter"
}

ready() {
	[ -s "$sandboxes/$1.bpf" ] || cannot "no filter $1: see compile"
}

fire() {
	# (Its profiles put another /tmp there, without the shim.)
	timeout 120 firejail --quiet --ignore=private-tmp "$@"
}

@test "firejail, its default filter" {
	need_root
	need firejail python3
	same_inside fire --noprofile --seccomp
}

@test "firejail, its default profile" {
	need_root
	need firejail python3
	same_inside fire
}

@test "bubblewrap, flatpak's filter" {
	need_root_and_bwrap
	ready flatpak
	same_inside bubble "$sandboxes/flatpak.bpf"
}

@test "bubblewrap, systemd's @system-service, which kills" {
	need_root_and_bwrap
	ready systemd
	same_inside bubble "$sandboxes/systemd.bpf"
}

@test "bubblewrap, Docker's and Podman's filters" {
	need_root_and_bwrap
	ready docker
	ready podman
	same_inside bubble "$sandboxes/docker.bpf"
	same_inside bubble "$sandboxes/podman.bpf"
}

# What docs/deploying.md lists for an exec with threads: under lock; and under
# auto, besides what unshare and the helper need.
by_lock='getpid gettid clock_gettime newfstatat'
by_auto="$by_lock openat read close rt_sigprocmask mmap munmap clone wait4 prctl
unshare rt_sigpending sched_getattr getpriority sigaltstack exit getresuid
getresgid getgroups capget"

# FILE COMMAND...: a filter that allows what the command calls without the
# shim, as three runs show, what any program may meet, and $more.
allow_what_it_calls() {
	local file=$1

	shift
	for i in 1 2 3; do
		strace -f -qq -e signal=none -o trace "$@" </dev/null \
			>/dev/null 2>&1 || true
		sed -n 's/^[0-9]* *\([a-z_0-9]*\)(.*/\1/p' trace
	done | sort -u >names
	# shellcheck disable=SC2046
	"$compile" --allow execve exit_group futex madvise restart_syscall \
		rt_sigreturn $(cat names) ${more-} >"$file"
}

# As online judges have it: the list of a program's own calls.
strict() {
	need_root_and_bwrap
	need strace
	/usr/bin/python3 -c 'import seccomp' || cannot "no python3-seccomp"
	allow_what_it_calls strict.bpf env "$@"
	bubble strict.bpf "$@" </dev/null >/dev/null 2>&1 ||
		cannot "not possible here: bubblewrap"
	# The control: what is not on the list kills.
	run bubble strict.bpf mkdir control
	[ "$status" = 159 ]
	[ ! -d control ]
	same bubble strict.bpf -- "$@"
}

@test "a list of what a program calls, one thread: dash" {
	need dash
	strict dash -c "$shell"
}

@test "a list of what a program calls, one thread: bash" {
	need bash
	strict bash -c "$shell"
}

@test "a list of what a program calls, one thread: Python, Perl" {
	need perl
	strict /usr/bin/python3 -c 'import os
print(os.system("exit 2"))
os.execlp("echo", "echo", "last")'
	strict perl -e '$| = 1; print system("exit 2"), "\n";
		exec "echo", "last"'
}

# With threads the shim asks for more than the program does: that much, and no
# more.
@test "a list of what a program calls, and of ours, many threads: C" {
	more=$by_auto strict "$threaded" echo last
	export CLONEXEC_STRATEGY=lock
	more=$by_lock strict "$threaded" echo last
}

@test "a list of what a program calls, and of ours, two threads: Python" {
	more=$by_auto strict /usr/bin/python3 -c "$python"
	export CLONEXEC_STRATEGY=lock
	more=$by_lock strict /usr/bin/python3 -c "$python"
}
