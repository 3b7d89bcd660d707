#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# clonexec guard: what it says of a machine that cannot, and of a wrong command
# line.  That it works is tested where a kernel takes it: `guest`, beside this
# file, in the machines of tests/matrix.
# CLONEXEC, LOSSES and UNIT (the systemd unit) are paths.

load ../common
bats_require_minimum_version 1.5.0

setup() {
	: "${CLONEXEC:?}" "${LOSSES:?}" "${UNIT:?}"
	DIR=$(mktemp -d /var/tmp/guard-test-XXXXXX)
	chmod 0777 "$DIR"
	export TMPDIR=$DIR NO_COLOR=1
}

teardown() {
	rm -rf "$DIR"
}

guard() {
	timeout --kill-after=5 60 "$CLONEXEC" guard "$@"
}

# refused_by HOW WORDS ARGUMENT...: exit status 125, one line that has the words,
# and nothing on stdout.
refused_by() {
	local how=$1 words=$2
	shift 2
	run -125 --separate-stderr "$how" "$@"
	[ -z "$output" ]
	[[ $stderr == "clonexec: guard: "*"$words"* ]]
	[ "$(wc -l <<<"$stderr")" = 1 ]
}

refused() {
	refused_by guard "$@"
}

# A mount namespace of our own, in which PREPARE is done before the guard is
# asked.
elsewhere() {
	local prepare=$1
	shift
	timeout --kill-after=5 60 unshare -m sh -c "$prepare"'
		shift
		exec "$0" guard "$@"' "$CLONEXEC" "" "$@"
}

refused_elsewhere() {
	refused_by elsewhere "$@"
}

need_namespace() {
	need_root
	unshare -m true 2>/dev/null || cannot "no mount namespaces"
}

need_bpf_file_system() {
	need_namespace
	unshare -m mount -t bpf bpf /sys/fs/bpf 2>/dev/null ||
		absent "no bpf file system can be mounted here"
}

@test "a wrong command line: one line, and exit status 125" {
	refused 'start, stop, status or run?'
	refused "what is 'go'?" go
	refused "unknown option '--force'" start --force
	refused "bad value 'off' for --mode" start --mode off
	refused "bad value '0' for --bound" start --bound 0
	refused "bad value '1s' for --bound" run --bound 1s -- true
	refused "bad value '60001' for --bound" start --bound 60001
	refused "bad value '19' for --bound" start --bound 19
	refused "bad value '' for --cgroup" start --cgroup ''
	refused "what is 'now'?" start now
	refused "what is 'now'?" stop now
	refused "what is 'true'?" run true
	refused 'no program' run
	refused 'no program' run --
	refused 'status has no option --mode' status --mode deny
	refused 'start has no option --json' start --json
	refused 'stop has no option --strict' stop --strict
	refused 'exclude each other' start --strict --mode count
	refused 'exclude each other' start --replace --mode count
	refused 'run has no option --replace' run --replace -- true
	refused 'run has no option --cgroup' run --cgroup / -- true
	refused 'status has no option --cgroup' status --cgroup /
}

@test "--help, of each command and of none" {
	local words
	for words in --help 'start --help' 'stop -h' 'run -h' 'status --help'; do
		run -0 guard $words
		[[ $output == Usage:* ]]
	done
	run -0 "$CLONEXEC" help guard
	[[ $output == Usage:* ]]
}

@test "another user, and root of a user namespace: not permitted" {
	need_root
	# (Its build directory may be closed to others.)
	cp "$(dirname "$CLONEXEC")/../guard/clonexec-guard" "$DIR/guard"
	chmod 755 "$DIR/guard"
	local command
	for command in start stop status 'run -- true'; do
		run -125 setpriv --reuid 65534 --clear-groups \
			"$DIR/guard" $command
		[ "$output" = \
			'clonexec: guard: not permitted: needs root' ]
	done
	unshare -Ur true 2>/dev/null || absent 'no user namespaces'
	run -125 unshare -Ur "$DIR/guard" start
	[[ $output == *'not permitted in a user namespace: '* ]]
}

@test "bpf is not in the LSM list" {
	need_namespace
	[ -d /sys/kernel/security ] || absent 'no /sys/kernel/security'
	local list='mount -t tmpfs none /sys/kernel/security
		echo lockdown,capability,bpfx >/sys/kernel/security/lsm;'
	local words='boot with lsm=lockdown,capability,bpfx,bpf'
	refused_elsewhere "$words" "$list" start
	refused_elsewhere "$words" "$list" run -- true
}

@test "no BTF" {
	need_namespace
	[ -d /sys/kernel/btf ] || absent 'no /sys/kernel/btf'
	refused_elsewhere 'no /sys/kernel/btf/vmlinux: ' \
		'mount -t tmpfs none /sys/kernel/btf;' start
}

@test "no bpf file system: the line says how to mount one" {
	need_namespace
	[ -d /sys/fs/bpf ] || absent 'no /sys/fs/bpf'
	local words='there is no bpf file system: mount -t bpf bpf /sys/fs/bpf'
	refused_elsewhere "$words" 'mount -t tmpfs none /sys/fs/bpf;' stop
}

@test "off: status says so, and exits with 1; stop changes nothing" {
	need_bpf_file_system
	local mounted='mount -t bpf bpf /sys/fs/bpf;'
	run -1 elsewhere "$mounted" status
	[ "$output" = 'guard: off' ]
	run -1 elsewhere "$mounted" status --json
	[ "$(tr -d ' \n' <<<"$output")" = '{"on":false}' ]
	run -0 elsewhere "$mounted" stop
	[ "$output" = 'guard: it was off' ]
}

# A start that was killed, and a stranger's directory.
@test "what lies where the pins belong: removed if it is root's alone" {
	need_bpf_file_system
	local place=/sys/fs/bpf/clonexec-guard
	local left="mount -t bpf bpf /sys/fs/bpf; mkdir -m 0700 $place;"
	refused_elsewhere "cannot open $place/about" "$left" status
	run -0 elsewhere "$left" stop
	[ "$output" = 'guard: off' ]
	local command strange
	for strange in "chown 65534 $place;" "chmod 0710 $place;"; do
		for command in start stop status; do
			[ $command != start ] || guard run -- true \
				2>/dev/null || continue
			refused_elsewhere "$place is not root's alone" \
				"$left $strange" $command
		done
	done
}

# A start --replace that was killed has left two.
@test "stop removes what was to replace the guard, too" {
	need_bpf_file_system
	local place=/sys/fs/bpf/clonexec-guard
	local mounted='mount -t bpf bpf /sys/fs/bpf;' left
	for left in "$place-next" "$place $place-next"; do
		run elsewhere "$mounted mkdir -m 0700 $left;"'
			"$0" guard stop && echo /sys/fs/bpf/clonexec*;' stop
		[ "${lines[*]: -1}" = 'guard: it was off' ]
		[ "${lines[1]}" = '/sys/fs/bpf/clonexec*' ]
	done
	refused_elsewhere "$place-next is not root's alone" \
		"$mounted mkdir -m 0710 $place-next;" stop
}

# Held by a stranger: the file system's own directory, which may be open to all.
@test "one start or stop at a time" {
	need_bpf_file_system
	local place=/sys/fs/bpf/clonexec-guard
	local left="mount -t bpf bpf /sys/fs/bpf; mkdir -m 0700 $place;"
	refused_elsewhere 'another start or stop is under way' \
		"$left exec 9<$place; flock 9;" stop
	run -0 elsewhere "$left exec 9</sys/fs/bpf; flock 9;" stop
	[ "$output" = 'guard: off' ]
}

# say_on SIZE [MODE [CGROUP_ID]]: for elsewhere, a map as start leaves it: SIZE
# bytes, layout 2, on since 1970.
say_on() {
	local zeros
	zeros() { printf ' 0%.0s' $(seq "$1"); }
	echo "mount -t bpf bpf /sys/fs/bpf
		mkdir -m 0700 /sys/fs/bpf/clonexec-guard
		cd /sys/fs/bpf/clonexec-guard
		bpftool map create about type array key 4 value $1 entries 1 \
			name about
		bpftool map update pinned about key 0 0 0 0 value \
			2 0 0 0 ${2-0} $(zeros 11) 1 $(zeros 23) ${3-0} \
			$(zeros $(($1 - 41)));"
}

need_maps() {
	need_bpf_file_system
	export PATH=$PATH:/usr/sbin
	command -v bpftool >/dev/null || cannot 'no bpftool'
	elsewhere "$(say_on 1072)" stop >/dev/null 2>&1 ||
		absent 'no maps can be made here'
}

# In place of what start would do, on a machine that refuses it.
says_it_is_on() {
	run elsewhere "$1"' exec "$0" probe --json --runs 0 \
		--target userns --strategy none' ""
	echo "$output" | tr -d '\n ' | grep -qF "\"guard\":$2"
}

@test "probe and run --check: on, for all, or for a cgroup; or not known" {
	need_maps
	local static
	static=$(command -v busybox) || cannot 'no static program'
	says_it_is_on "$(say_on 1072)" '{"mode":"restart","cgroup":null}'
	says_it_is_on "$(say_on 1072 1)" '{"mode":"deny","cgroup":null}'
	says_it_is_on "$(say_on 1072 0 1)" '{"mode":"restart","cgroup":""}'
	# Another version's; and anybody's directory.
	says_it_is_on "$(say_on 1080)" null
	says_it_is_on "$(say_on 1072) chmod 0701 .;" null
	says_it_is_on ":;" null

	local check='exec "$0" run --check '$static
	run -0 elsewhere "$(say_on 1072) $check;"
	[[ $output == "covered by the guard: $static: it is linked static"* ]]
	run -1 elsewhere "$(say_on 1072 1) $check;"
	run -1 elsewhere "$(say_on 1072 0 1) $check;"
	run -1 elsewhere "$check;"
	[[ $output == "not covered: "* ]]
	# Another user, who may not look, is told nothing of it.
	cp "$CLONEXEC" "$(dirname "$CLONEXEC")/../preload/"*preload.so "$DIR"
	chmod 755 "$DIR"/*
	run -1 elsewhere "$(say_on 1072)
		CLONEXEC_PRELOAD=$DIR/libclonexec-preload.so \
			exec setpriv --reuid 65534 --clear-groups \
			$DIR/clonexec run --check $static;"
	[[ $output == "not covered: "* ]]
}

@test "the systemd unit: what systemd says of it, and that it runs the command" {
	grep -q "^ExecStart=/.*/bin/clonexec guard start --replace\$" "$UNIT"
	# The test of itself could not work.
	! grep -qE '^(NoNewPrivileges|RestrictSUIDSGID)=(yes|true|1)' "$UNIT" || false
	command -v systemd-analyze >/dev/null || cannot 'no systemd-analyze'
	sed "s,^\(Exec[A-Za-z]*=\)[^ ]*,\1$CLONEXEC," "$UNIT" \
		>"$DIR/clonexec-guard.service"
	run systemd-analyze verify --man=no "$DIR/clonexec-guard.service"
	[[ $output != *clonexec-guard* ]]
	# The control: it says so.
	echo Wrong=yes >>"$DIR/clonexec-guard.service"
	run systemd-analyze verify --man=no "$DIR/clonexec-guard.service"
	[[ $output == *clonexec-guard* ]]
}

# Either it works here, or it is said in one line what is missing.
need_guard() {
	need_root
	guard run -- true 2>"$DIR/err" && return
	[ "$(wc -l <"$DIR/err")" = 1 ]
	grep -q -e 'guard: bpf is not in' -e 'guard: this kernel cannot' \
		-e 'guard: the kernel refuses' -e 'guard: no /sys/kernel/btf' \
		"$DIR/err"
	absent "$(cat "$DIR/err")"
}

# (In a mount namespace of its own, with which the guard ends.)
@test "start, status, stop: it works, or why not, and leaves nothing" {
	need_bpf_file_system
	run elsewhere 'mount -t bpf bpf /sys/fs/bpf
		if ! "$0" guard start; then
			[ ! -e /sys/fs/bpf/clonexec-guard ] || exit 8
			exit 9
		fi
		"$0" guard status || exit;' stop
	if [ "$status" = 9 ]; then
		need_guard
		echo "$output"
		false
	fi
	[ "$status" = 0 ]
	[[ ${lines[0]} == 'guard: on, mode restart; works: kept 10 of 10, '* ]]
	[[ ${lines[1]} == 'guard: on, mode restart, since '* ]]
	[[ ${lines[2]} == 'works: kept 10 of 10, '* ]]
	[ "${lines[-1]}" = 'guard: off' ]
}

@test "run: an exec beside a frozen creation is kept, or why not" {
	need_guard
	need_loss
	export LOSSES_RELEASE_MS=20
	run -0 "$LOSSES" setuid frozen plain 5
	[[ $output == *'5 lost, 0 kept'* ]]
	run -0 guard run -- "$LOSSES" setuid frozen plain 5
	[[ $output == '0 lost, 5 kept, 0 EAGAIN, '* ]]
	run -3 guard run -- sh -c 'exit 3'
	run -127 guard run -- /nowhere
}
