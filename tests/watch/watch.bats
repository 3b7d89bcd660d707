#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# clonexec watch: its events against the losses that user space counts.
# CLONEXEC and LOSSES are paths; REFUSED that of refused.c.
#
# Mostly with --exec, so that whatever else happens on the machine does not
# count; that all of it is seen otherwise is a test of its own.

load ../common

setup() {
	: "${CLONEXEC:?}" "${LOSSES:?}" "${REFUSED:?}" "${SCHEMA:?}" "${CATALOG:?}" \
		"${JOURNALD:?}" "${UNIT:?}"
	DIR=$(mktemp -d /var/tmp/watch-test-XXXXXX)
	chmod 0777 "$DIR"
	export TMPDIR=$DIR NO_COLOR=1
}

teardown() {
	rm -rf "$DIR" ${place:+"$place"}
}

# Where BPF is refused nothing can be tried.
need_bpf() {
	need_root
	local why
	why=$("$CLONEXEC" watch --duration 0.01 2>&1 >/dev/null) ||
		cannot "$why"
}

# Until the watcher says that it is one.
watches() {
	for _ in $(seq 100); do
		grep -q watching "$DIR/err" && return
		sleep 0.1
	done
	return 1
}

# (With -o - the events are on stdout, among what the program prints.)
watch() {
	timeout --kill-after=5 600 "$CLONEXEC" watch -o - "$@" 2>"$DIR/err"
}

# Whether the python expression over L, the list of losses, S, the summary,
# and OUT, what the program itself printed, is true.
holds() {
	/usr/bin/python3 - "$DIR/out" "$1" "$SCHEMA" <<-'PY'
	import json, sys
	import jsonschema
	lines = open(sys.argv[1]).read().splitlines()
	J = [json.loads(l) for l in lines if l.startswith("{")]
	OUT = [l.split() for l in lines if not l.startswith("{")]
	L = [j for j in J if j["event"] == "loss"]
	E = [j for j in J if j["event"] == "eagain"]
	W = [j for j in J if j["event"] == "withheld"]
	D = [j for j in J if j["event"] == "dropped"]
	S = J[-1]
	with open(sys.argv[3]) as schema:
	    known = jsonschema.Draft202012Validator(json.load(schema))
	for j in J:
	    known.validate(j)
	LOST = [(int(l[1]), int(l[2])) for l in OUT if l[0] == "lost"]
	assert S["event"] == "summary", S
	assert S["losses"] == len(L), (S, len(L))
	assert S["withheld"] == sum(j["count"] for j in W), (S, W)
	assert S["dropped"] == sum(j["count"] for j in D), (S, D)
	if not eval("(" + sys.argv[2] + ")"):
	    print(sys.argv[2], S, len(L), len(LOST), L[:3], OUT[-1:])
	    sys.exit(1)
	PY
}

losses() {
	watch --json "${WATCH_ARGS[@]}" --exec -- "$LOSSES" "$@" >"$DIR/out"
}

frozen() {
	need_bpf
	need_loss
	losses "$1" frozen plain 50
	holds 'len(LOST) == 50 and len(L) == 50 and S["dropped"] == 0'
	holds '[(j["pid"], j["culprit"]["tid"]) for j in L] == LOST'
	holds 'all(j["tid"] == j["pid"] and j["cause"] == "race" and
		j["culprit"]["creation"] == "aborted" and
		j["threads"] == 2 and j["fs_users"] == 3 and
		j["path"].endswith("/'"$1"'") and
		j["new_comm"] == "'"$1"'" and j["comm"] == "losses" and
		j["ran_as"]["euid"] == 65534 for j in L)'
}

@test "set-uid, frozen: each of 50 losses, and who caused it" {
	frozen setuid
	holds 'all(j["lost"] == {"set_uid": 0, "set_gid": None,
		"capabilities": []} for j in L)'
}

@test "set-gid, frozen: each of 50 losses, and who caused it" {
	frozen setgid
	holds 'all(j["lost"] == {"set_uid": None, "set_gid": 1,
		"capabilities": []} for j in L)'
}

@test "file capabilities, frozen: each of 50 losses, and who caused it" {
	frozen filecaps
	holds 'all(j["lost"] == {"set_uid": None, "set_gid": None,
		"capabilities": ["cap_net_raw"]} for j in L)'
}

@test "root of a user namespace, frozen: each of 50 losses" {
	frozen userns
	holds 'all("cap_sys_admin" in j["lost"]["capabilities"] for j in L)'
}

@test "where it was: the caller's file, parent, words, login; what to do" {
	frozen setuid
	holds 'all(j["exe"] == "'"$LOSSES"'" and
		j["arguments"] == ["clonexec-target"] and
		not j["arguments_cut"] and j["parent"]["comm"] == "losses" and
		j["remedy"]["why"] is None for j in L)'
	holds 'len({j["parent"]["pid"] for j in L}) == 1'
	holds 'all(j["login_uid"] == '"$(login_uid)"' for j in L)'
	watch --exec -- "$LOSSES" setuid frozen plain 1 >"$DIR/out"
	grep " by losses\[[0-9/]*\] ($LOSSES), runs as uid 65534 " "$DIR/out"
}

login_uid() {
	local uid
	uid=$(cat /proc/self/loginuid 2>/dev/null || echo 4294967295)
	[ "$uid" = 4294967295 ] && echo None || echo "$uid"
}

# A cgroup of version 2 can be mounted beside those of version 1.
@test "a service: its unit, its cgroup, and the drop-in" {
	need_bpf
	need_loss
	local group=$DIR/cgroup
	mkdir "$group"
	mount -t cgroup2 none "$group" || cannot 'no cgroups of version 2'
	mkdir -p "$group/clonexec-test.slice/agent.service"
	watch --json --exec -- sh -c '
		echo $$ >"$0/cgroup.procs"
		"$LOSSES" setuid frozen plain 3
		echo $$ >"$0/../../cgroup.procs"' \
		"$group/clonexec-test.slice/agent.service" >"$DIR/out"
	rmdir "$group/clonexec-test.slice/agent.service" \
		"$group/clonexec-test.slice"
	umount "$group"
	holds 'len(L) == 3 and all(j["unit"] == "agent.service" and
		j["cgroup"].endswith("/clonexec-test.slice/agent.service") and
		j["remedy"]["means"] == "service" and
		j["remedy"]["command"].endswith(" restart agent.service")
		for j in L)'
}

# In a mount namespace with a /run of its own.
logged() {
	timeout --kill-after=5 600 unshare -m sh -ec '
		mount --make-rprivate /
		mount -t tmpfs none /run
		mkdir -p /run/systemd/journal
		/usr/bin/python3 "$0" /run/systemd/journal/socket &
		while [ ! -S /run/systemd/journal/socket ]; do sleep 0.05; done
		"$@"
		wait $!' "$JOURNALD" "$@" >"$DIR/out" 2>"$DIR/err"
}

@test "--journal: fields of their own, and what the catalog explains" {
	need_bpf
	need_loss
	"$CLONEXEC" watch --journal --help >/dev/null
	logged "$CLONEXEC" watch -q --journal --exec -- \
		"$LOSSES" setuid frozen plain 3
	grep -v '^{' "$DIR/out" | grep '^3 lost'
	/usr/bin/python3 - "$DIR/out" "$LOSSES" "$CATALOG" <<-'PY'
	import json, sys
	J = [json.loads(l) for l in open(sys.argv[1]) if l.startswith("{")]
	L = [j for j in J if j["CLONEXEC_EVENT"] == "loss"]
	assert len(L) == 3 and len(J) == 4, J
	for j in L:
	    assert j["MESSAGE"].startswith("LOST set-uid 0: "), j
	    assert "\n" not in j["MESSAGE"] and "\0" not in j["MESSAGE"], j
	    assert j["PRIORITY"] == "4" and j["CLONEXEC_CAUSE"] == "race", j
	    assert j["OBJECT_PID"] == j["CLONEXEC_PID"], j
	    assert j["CLONEXEC_EXE"] == sys.argv[2], j
	    assert j["CLONEXEC_REMEDY"] == "clonexec run " + sys.argv[2], j
	    assert j["CLONEXEC_ADVICE"] == j["CLONEXEC_REMEDY"], j
	    assert j["CLONEXEC_CULPRIT_COMM"] == "losses", j
	    assert j["MESSAGE_ID"] in open(sys.argv[3]).read(), j
	    assert j["SYSLOG_IDENTIFIER"] == "clonexec-watch", j
	S = J[-1]
	assert S["MESSAGE"].startswith("3 losses, 0 events dropped"), S
	assert S["PRIORITY"] == "6" and "MESSAGE_ID" not in S, S
	PY
}

@test "in a pid namespace: no number is taken for that of a process here" {
	need_bpf
	need_loss
	# (Whoever loses meanwhile: --exec is refused there.)
	while [ ! -e "$DIR/enough" ]; do
		"$LOSSES" setuid frozen plain 1
		sleep 0.2
	done >/dev/null 3>&- &
	logged unshare --pid --fork --mount-proc \
		"$CLONEXEC" watch -q --journal --count 2
	touch "$DIR/enough"
	wait
	grep '"CLONEXEC_EVENT": "loss"' "$DIR/out" | grep '"CLONEXEC_PID"'
	! grep '"OBJECT_PID"' "$DIR/out" || false
	run unshare --pid --fork --mount-proc "$CLONEXEC" watch --exec -- true
	[ "$status" = 125 ]
	[[ $output == *"need the first pid namespace"* ]]
	[ "${#lines[@]}" = 1 ]
}

@test "--journal without a journal: a line of syslog" {
	need_bpf
	need_loss
	local i
	mkdir "$DIR/dev"
	mknod -m 666 "$DIR/dev/null" c 1 3
	cat >"$DIR/syslogd.py" <<-'PY'
	import socket
	s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	s.bind("/dev/log")
	s.settimeout(300)
	for i in range(2):
	    print(s.recv(65536).decode(), flush=True)
	PY
	timeout --kill-after=5 600 unshare -m sh -ec '
		mount --make-rprivate /
		mount -t tmpfs none /run
		mount --bind "$0/dev" /dev
		/usr/bin/python3 "$0/syslogd.py" &
		while [ ! -S /dev/log ]; do sleep 0.05; done
		"$@"
		wait $!' "$DIR" "$CLONEXEC" watch -q --journal --exec -- \
		"$LOSSES" setuid frozen plain 1 >"$DIR/out" 2>"$DIR/err"
	grep 'clonexec-watch\[[0-9]*\]: LOST set-uid 0: ' "$DIR/out"
	grep 'clonexec-watch\[[0-9]*\]: 1 loss, ' "$DIR/out"
}

@test "--journal and the catalog are what systemd takes" {
	command -v journalctl >/dev/null || cannot 'no journalctl'
	mkdir -p "$DIR/root/usr/lib/systemd/catalog" "$DIR/root/var/lib/systemd"
	cp "$CATALOG" "$DIR/root/usr/lib/systemd/catalog/"
	journalctl --root="$DIR/root" --update-catalog
	journalctl --root="$DIR/root" --list-catalog |
		grep 'clonexec: A program was started without its privileges'
	refuses_with() {
		run "$CLONEXEC" watch "$@"
		[ "$status" = 125 ]
		[[ $output == *'--journal excludes --json and -o' ]]
	}
	refuses_with --journal --json
	refuses_with -o - --journal
}

# The value of a metric in the file, by its whole name.
metric() {
	grep -v '^#' "$DIR/m.prom" | grep -F "$1 " | sed 's/.* //'
}

@test "--metrics: a file for node_exporter, replaced as a whole" {
	need_bpf
	need_loss
	local inode name labels
	name=$(printf 'a"b\\c\nd')
	mkdir "$DIR/$name"
	chmod 755 "$DIR/$name"
	echo old >"$DIR/m.prom"
	inode=$(stat -c %i "$DIR/m.prom")
	TMPDIR="$DIR/$name" watch -q --json --metrics "$DIR/m.prom" --exec -- \
		"$LOSSES" setuid frozen plain 3 >"$DIR/out"
	holds 'len(L) == 3'
	[ "$(stat -c %i "$DIR/m.prom")" != "$inode" ]
	[ "$(find "$DIR" -maxdepth 1 -name 'm.prom*' | wc -l)" = 1 ]
	labels='kind="set_uid",cause="race",unit="",container=""'
	grep -F "/a\\\"b\\\\c$(printf '\357\277\275')d/clonexec-" "$DIR/m.prom" |
		grep -F "/setuid\",$labels} 3"
	[ "$(grep -c "$labels" "$DIR/m.prom")" = 1 ]
	[ "$(metric 'clonexec_events_dropped_total')" = 0 ]
	[ "$(metric 'clonexec_guard_events_total{what="kept"}')" = 0 ]
	[ "$(metric clonexec_last_loss_timestamp_seconds | cut -d. -f1)" -ge \
		"$(metric clonexec_watch_start_time_seconds | cut -d. -f1)" ]
	! grep -q refused_creations "$DIR/m.prom" || false
	# Each line is a comment or a sample.
	! grep -vE '^(# (HELP|TYPE) clonexec_[a-z_]+ .+|clonexec_[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? [0-9.]+)$' \
		"$DIR/m.prom" || false
	if command -v promtool >/dev/null; then
		promtool check metrics <"$DIR/m.prom"
	fi
	watch --eagain --metrics "$DIR/m.prom" --exec -- "$REFUSED"
	[ "$(metric clonexec_refused_creations_total)" = 50 ]
	refuses_file() {
		run "$CLONEXEC" watch --duration 0.01 --metrics "$1"
		[ "$status" = 125 ]
		[ "${#lines[@]}" = 1 ]
	}
	refuses_file "$DIR/nowhere/m.prom"
	refuses_file /dev/full
}

@test "a watcher does not grow with what it sees" {
	need_bpf
	local pid before after
	"$CLONEXEC" watch --json --limit 0 --metrics "$DIR/m.prom" \
		-o "$DIR/out" >"$DIR/err" 2>&1 3>&- &
	pid=$!
	watches
	rss() {
		"$LOSSES" setuid idle sharing "$1" >>"$DIR/lost"
		sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' /proc/$pid/status
	}
	before=$(rss 500)
	after=$(rss 4000)
	kill -INT $pid
	wait $pid
	grep -v ^lost "$DIR/lost"
	cat "$DIR/lost" >>"$DIR/out"
	# (An exec that the hook was skipped for may be any exec.)
	holds '4500 <= len(L) + S["dropped"] < 4600 and
		1000 < len(L) <= len(LOST) == 4500'
	[ "$after" -le $((before + 256)) ]
}

@test "the systemd unit: what systemd says of it" {
	grep -q '^ExecStart=/.*/bin/clonexec watch --journal --quiet$' "$UNIT"
	command -v systemd-analyze >/dev/null || cannot 'no systemd-analyze'
	sed "s,^ExecStart=[^ ]*,ExecStart=$CLONEXEC," "$UNIT" \
		>"$DIR/clonexec-watch.service"
	run systemd-analyze verify --man=no "$DIR/clonexec-watch.service"
	[[ $output != *clonexec-watch* ]]
	# What it may do is little ("OK", below 2.0); the control is a unit that
	# has its program only.
	local exposure='systemd-analyze security --offline=yes --no-pager'
	run $exposure "$DIR/clonexec-watch.service"
	[[ $output == *'exposure level for clonexec-watch.service: '[01].* ]]
	sed -n '/^\[Unit/p; /^\[Service/p; /^ExecStart/p' "$UNIT" \
		>"$DIR/clonexec-watch.service"
	run $exposure "$DIR/clonexec-watch.service"
	[[ $output == *'exposure level for clonexec-watch.service: 9.'* ]]
}

# With no more than the unit leaves root.
@test "two capabilities do" {
	need_bpf
	need_loss
	timeout --kill-after=5 600 setpriv --bounding-set=-all,+bpf,+perfmon \
		--inh-caps=-all --no-new-privs "$CLONEXEC" watch --json \
		--duration 60 --count 3 >"$DIR/out" 2>"$DIR/err" 3>&- &
	local pid=$!
	watches
	"$LOSSES" setuid frozen plain 3 >"$DIR/losses"
	wait $pid
	holds 'len(L) == 3 and all(j["remedy"]["means"] == "run" and
		j["exe"] == "'"$LOSSES"'" for j in L)'
}

@test "raw tracepoints see the same" {
	WATCH_ARGS=(--hooks raw_tp)
	frozen setuid
	holds 'S["hooks"]["exec"] == "raw_tp/sched_process_exec"'
}

# The rate is a matter of luck (a busy machine may lose none at all), the equality
# is not: too few losses are a skip, the frozen ones above are the verdict.
@test "spinning creators: as many events as losses, the culprit named" {
	need_bpf
	need_loss
	local i
	for i in 1 2 3 4 5 6 7 8; do
		losses setuid spinning plain 400
		holds 'len(L) == len(LOST) and S["dropped"] == 0 and
			[j["pid"] for j in L] == [pid for pid, tid in LOST]'
		holds 'sum(j["culprit"] is not None for j in L) >=
			0.95 * len(L)'
		! holds 'len(L) >= 3' || return 0
	done
	skip "no 400 of 3,200 runs lost three: nothing to compare"
}

@test "every process of the machine" {
	need_bpf
	need_loss
	"$CLONEXEC" watch --json --duration 60 >"$DIR/out" 2>"$DIR/err" 3>&- &
	local pid=$!
	watches
	"$LOSSES" setuid frozen plain 10 >"$DIR/losses"
	kill -INT $pid
	wait $pid
	cat "$DIR/losses" "$DIR/out" >"$DIR/both"
	mv "$DIR/both" "$DIR/out"
	holds 'len(LOST) == 10 and
		{pid for pid, tid in LOST} <= {j["pid"] for j in L}'
}

none() {
	need_bpf
	losses "$@"
	holds 'len(L) == 0 and S["dropped"] == 0'
}

@test "no event: an exec that nobody disturbs" {
	none setuid idle plain 20
	holds '"20 kept" in " ".join(OUT[-1])'
}

@test "no event: a plain file, frozen" {
	none setuid frozen true 20
}

# kept EXEC MAP...: what each of these maps has after five frozen execs.
kept() {
	PATH=$PATH:/usr/sbin command -v bpftool >/dev/null ||
		cannot "no bpftool"
	cat >"$DIR/kept" <<-'SH'
	"$LOSSES" setuid frozen "$1" 5 >"$TMPDIR/losses"
	shift
	for id in $(sed -n 's/^map_id:[^0-9]*//p' /proc/$PPID/fdinfo/*); do
		for name; do
			! bpftool map show id $id | grep -q " name $name " ||
				{ bpftool -j map dump id $id && echo; }
		done
	done
	SH
	PATH=$PATH:/usr/sbin watch -q --exec -- sh "$DIR/kept" "$@" >"$DIR/out"
	cat "$DIR/out"
	[ -s "$DIR/losses" ]
}

# Else they would be taken for the facts of the next exec of that process.
@test "of an exec that loses nothing nothing is kept" {
	need_bpf
	need_loss
	kept true prepared newest aborted callers
	[ "$(grep -c '^\[\]$' "$DIR/out")" = 4 ]
}

# Else it would take the room of those that lose.
@test "neither of one that the kernel kills, if it has nothing to lose" {
	need_bpf
	need_loss
	# Before Linux 6.10 that is not known in time.
	grep -q sched_prepare_exec /proc/kallsyms || absent "no sched_prepare_exec"
	# Its segments are larger in the file than in memory.
	/usr/bin/python3 - /bin/true "$DIR/cut" <<-'PY'
	import struct, sys
	b = bytearray(open(sys.argv[1], "rb").read(4096))
	at, = struct.unpack_from("<Q", b, 32)
	for i in range(struct.unpack_from("<H", b, 56)[0]):
	    if struct.unpack_from("<I", b, at + 56 * i)[0] == 1:
	        struct.pack_into("<QQ", b, at + 56 * i + 32, 4096, 1)
	open(sys.argv[2], "wb").write(b)
	PY
	chmod 755 "$DIR/cut"
	export LOSSES_FILE="$DIR/cut"
	run "$DIR/cut"
	[ "$status" = 139 ]
	kept file prepared callers
	[ "$(grep -c '^\[\]$' "$DIR/out")" = 2 ]
}

@test "no event: no_new_privs, frozen" {
	none setuid frozen nnp 20
	holds '"20 lost" in " ".join(OUT[-1])'
}

@test "no event: protected, frozen" {
	none setuid frozen guarded 20
	holds '"20 kept" in " ".join(OUT[-1])'
}

@test "a real sharing with another process is told apart" {
	need_bpf
	losses setuid idle sharing 10
	holds 'len(LOST) == 10 and len(L) == 10 and
		all(j["cause"] == "sharing" and j["culprit"] is None
		    for j in L)'
}

# Nothing is read while the watcher stands still, so most must be dropped.
@test "what the smallest buffer does not hold is counted" {
	need_bpf
	need_loss
	mkfifo "$DIR/gate"
	( read -r _ <"$DIR/gate"; exec "$LOSSES" setuid frozen plain 50 \
		>"$DIR/losses" ) 3>&- &
	local child=$! i
	"$CLONEXEC" watch --json --buffer 16 --pid $child >"$DIR/out" \
		2>"$DIR/err" 3>&- &
	local pid=$!
	watches
	kill -STOP $pid
	echo go >"$DIR/gate"
	wait $child
	kill -CONT $pid
	wait $pid
	grep -q '^50 lost' "$DIR/losses"
	holds 'S["dropped"] > 0 and len(L) > 0 and
		len(L) + S["dropped"] == 50'
}

# Starts a watcher of the whole machine: its pid is $pid.
start() {
	"$CLONEXEC" watch --json --duration 60 "$@" >"$DIR/out" \
		2>"$DIR/err" 3>&- &
	pid=$!
	watches
}

# Until a line says so, and the watcher still runs.
told() {
	local i
	for i in $(seq 100); do
		grep -q "\"event\": \"$1\"" "$DIR/out" && break
		sleep 0.1
	done
	grep -q "\"event\": \"$1\"" "$DIR/out" && kill -0 $pid
}

@test "what is dropped or withheld is told while it happens" {
	need_bpf
	need_loss
	local pid
	start --buffer 16
	kill -STOP $pid
	"$LOSSES" setuid frozen plain 50 >"$DIR/losses"
	kill -CONT $pid
	told dropped
	kill -INT $pid
	wait $pid
	holds 'S["dropped"] > 0'
	start --limit 1
	"$LOSSES" setuid frozen plain 50 >"$DIR/losses"
	told withheld
	kill -INT $pid
	wait $pid
	holds 'S["withheld"] > 0 and S["dropped"] == 0'
}

# Ten seconds' worth at once, and what time brings; however slow the machine is.
@test "--limit: a user who loses all the time buries nobody else" {
	need_bpf
	need_loss
	watch --json --limit 2 --exec -- sh -c '
		LOSSES_UID=1000 "$LOSSES" setuid frozen plain 75
		"$LOSSES" setgid frozen plain 15' >"$DIR/out"
	holds 'len(LOST) == 90 and len(L) + S["withheld"] == 90'
	holds '20 <= sum(j["ran_as"]["uid"] == 65534 and
		j["new_comm"] == "setuid" for j in L) <=
		20 + 2 * (S["seconds"] + 1)'
	# The same file by another user, another file by the same user.
	holds 'sum(j["ran_as"]["uid"] == 1000 for j in L) == 15'
	holds 'sum(j["new_comm"] == "setgid" for j in L) == 15'
	holds 'all(j["uid"] == 65534 and j["comm"] == "setuid" and
		j["inode"] > 0 and ":" in j["device"] for j in W)'
	watch --limit 2 --exec -- "$LOSSES" setuid frozen plain 40 >"$DIR/out"
	grep 'WITHHELD [0-9]* more events* of uid 65534: execs of setuid (dev' \
		"$DIR/out"
	tail -n 1 "$DIR/out" | grep ' events withheld, 0 events dropped'
}

@test "without a limit each one is told" {
	need_bpf
	need_loss
	WATCH_ARGS=(--limit 0)
	losses setuid frozen plain 150
	holds 'len(L) == 150 and S["withheld"] == 0'
	WATCH_ARGS=()
	losses setuid frozen plain 150
	holds 'len(L) >= 100 and len(L) + S["withheld"] == 150'
}

@test "a limit on lines about refused creations, too" {
	need_bpf
	need_loss
	watch --json --eagain --limit 1 --exec -- sh -c '
		for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			"$REFUSED"
		done' >"$DIR/out"
	holds 'S["eagain"] == 1000'
	holds '10 <= len(E) <= 10 + S["seconds"] + 1'
	holds 'sum(j["count"] for j in E + W) == 1000'
	holds 'all(j["uid"] == 0 and j["device"] is None for j in W)'
}

@test "others do not use up the limit of --comm" {
	need_bpf
	need_loss
	cp "$LOSSES" "$DIR/wanted"
	watch --json --limit 1 --comm wanted --exec -- sh -c '
		"$LOSSES" setuid frozen plain 30
		"$TMPDIR/wanted" setuid frozen plain 5' >"$DIR/out"
	holds 'len(L) == 5 and S["withheld"] == 0'
}

@test "--count and --duration end it, so does SIGINT" {
	need_bpf
	need_loss
	WATCH_ARGS=(--count 3)
	losses setuid frozen plain 10
	holds 'len(L) == 3'
	watch --json --duration 0.2 >"$DIR/out"
	holds 'S["seconds"] >= 0.2'
	timeout --preserve-status -s INT 1 "$CLONEXEC" watch --json \
		>"$DIR/out" 2>"$DIR/err"
	holds 'True'
}

@test "--comm" {
	need_bpf
	need_loss
	WATCH_ARGS=(--comm nobody-else)
	losses setuid frozen plain 3
	holds 'len(L) == 0'
	WATCH_ARGS=(--comm losses)
	losses setuid frozen plain 3
	holds 'len(L) == 3'
}

@test "--exec: the program's own status" {
	need_bpf
	local status=0
	watch --exec -- sh -c 'exit 7' || status=$?
	[ $status -eq 7 ]
	status=0
	watch --exec -- sh -c 'kill -TERM $$' || status=$?
	[ $status -eq 143 ]
	status=0
	watch --exec -- "$DIR/nothing" || status=$?
	[ $status -eq 127 ]
	grep -q '^clonexec: watch: .*nothing' "$DIR/err"
	status=0
	watch --exec -- /etc/passwd || status=$?
	[ $status -eq 126 ]
}

@test "--exec: what the program prints and what is told of it do not mix" {
	need_bpf
	need_loss
	local program=(sh -c 'echo out; echo err >&2; exec "$@"' sh
		"$LOSSES" setuid frozen plain 2)
	"$CLONEXEC" watch --json --exec -- "${program[@]}" >"$DIR/out" \
		2>"$DIR/err"
	head -n 1 "$DIR/out" | grep -qx out
	! grep '"event"' "$DIR/out" || false
	grep -qx err "$DIR/err"
	[ "$(grep -c '"event": "loss"' "$DIR/err")" = 2 ]
	"$CLONEXEC" watch --json --output "$DIR/events" --exec -- \
		"${program[@]}" >"$DIR/out" 2>"$DIR/err"
	head -n 1 "$DIR/out" | grep -qx out
	[ "$(grep -c '"event": "loss"' "$DIR/events")" = 2 ]
	[ "$(grep -vc '"event"' "$DIR/events")" = 0 ]
	! grep '"event"' "$DIR/out" "$DIR/err" || false
	cat "$DIR/out" "$DIR/events" >"$DIR/both"
	mv "$DIR/both" "$DIR/out"
	sed -i '/^out$/d' "$DIR/out"
	holds 'len(L) == len(LOST) == 2'
}

@test "-o: without --exec, a new file, a pipe, a bad name" {
	need_bpf
	echo old >"$DIR/events"
	"$CLONEXEC" watch -q -o "$DIR/events" --duration 0.1 >"$DIR/out"
	[ ! -s "$DIR/out" ]
	tail -n 1 "$DIR/events" | grep -qE 'loss(es)?, 0 events dropped'
	! grep old "$DIR/events" || false
	"$CLONEXEC" watch -q -o /dev/stdout --duration 0.1 >"$DIR/out"
	grep -qE 'loss(es)?, 0 events dropped' "$DIR/out"
	refuses -o "$DIR/nothing/here" --duration 0.1
	ln -s events "$DIR/link"
	refuses -o "$DIR/link" --duration 0.1
	[ "$(ls "$DIR")" = "$(printf '%s\n' err events link out)" ]
}

# A new file is in place at once, and has what was seen so far.
@test "-o: told while it happens" {
	need_bpf
	need_loss
	local pid
	start -o "$DIR/events"
	"$LOSSES" setuid frozen plain 1 >/dev/null
	local i
	for i in $(seq 100); do
		! grep -q '"event": "loss"' "$DIR/events" || break
		sleep 0.1
	done
	kill -0 $pid
	grep -q '"event": "loss"' "$DIR/events"
	kill -INT $pid
	wait $pid
}

@test "in a user namespace: that is the reason" {
	need_root
	run timeout 100 unshare -Ur true
	[ "$status" -eq 0 ] || cannot "no user namespaces"
	status=0
	unshare -Ur "$CLONEXEC" watch >"$DIR/out" 2>"$DIR/err" || status=$?
	[ $status -eq 125 ]
	[ ! -s "$DIR/out" ]
	[ "$(cat "$DIR/err")" = "clonexec: watch: not permitted in a user \
namespace: needs CAP_BPF and CAP_PERFMON, or root, outside of it" ]
}

@test "--eagain: each refused creation, and who made it" {
	need_bpf
	need_loss
	WATCH_ARGS=(--eagain)
	watch --json --eagain --exec -- "$REFUSED" >"$DIR/out"
	holds 'S["eagain"] == 50 and S["eagain_other"] == 5'
	holds 'len(E) == 1 and E[0]["count"] == 50 and
		E[0]["pid"] != E[0]["tid"]'
	watch --json --eagain --hooks raw_tp --exec -- "$REFUSED" >"$DIR/out"
	holds 'S["eagain"] == 50 and S["eagain_other"] == 5'
}

@test "text: one line a loss, one line at the end" {
	need_bpf
	need_loss
	watch --exec -- "$LOSSES" setuid frozen plain 2 >"$DIR/out"
	[ "$(grep -c ' LOST set-uid 0: /.*race with thread' "$DIR/out")" = 2 ]
	tail -n 1 "$DIR/out" | grep -q '^2 losses, 0 events dropped, in .*hooks'
	[ "$(cat "$DIR/err")" = "clonexec: watching, by tp_btf/sched_process_exec" ]
	watch -q --duration 0.1 >"$DIR/out"
	[ ! -s "$DIR/err" ]
}

# JSON tells it, and so that it has come to us.
@test "names that a terminal would obey, in text and in JSON" {
	need_bpf
	need_loss
	local name
	name=$(printf 'a\302\2332J\233\033[31m\342\200\256')
	cp "$LOSSES" "$DIR/$name"
	LC_ALL=C.UTF-8 watch --json --exec -- "$DIR/$name" setuid frozen \
		plain 2 >"$DIR/out"
	holds 'len(L) == 2 and L[0]["comm"] == "a\x9b2J\ufffd\x1b[31m\u202e"'
	LC_ALL=C grep -P '[\x80-\x9f]|\x1b|\xe2\x80\xae' "$DIR/out" && false
	LC_ALL=C.UTF-8 watch --exec -- "$DIR/$name" setuid frozen plain 2 \
		>"$DIR/out"
	LC_ALL=C grep -P '[\x80-\x9f]|\x1b' "$DIR/out" && false
	[ "$(LC_ALL=C grep -c 'by a?2J??\[31m?\[' "$DIR/out")" = 2 ]
	rm "$DIR/$name"
}

# A copy that other users may run.
copy() {
	make_place
	mkdir -p "$place/bin" "$place/libexec/clonexec"
	install -m 0755 "$CLONEXEC" "$place/bin"
	install -m 0755 "$(dirname "$CLONEXEC")/../watch/clonexec-watch" \
		"$place/libexec/clonexec"
}

@test "without privilege: one line, 125" {
	need_root
	copy
	local status=0
	setpriv --reuid 1000 --regid 1000 --clear-groups \
		"$place/bin/clonexec" watch >"$DIR/out" 2>"$DIR/err" || status=$?
	[ $status -eq 125 ]
	[ "$(cat "$DIR/err")" = "clonexec: watch: not permitted: needs CAP_BPF and CAP_PERFMON, or root" ]
	[ ! -s "$DIR/out" ]
}

@test "CAP_BPF and CAP_PERFMON are enough" {
	need_bpf
	need_loss
	copy
	setpriv --reuid 1000 --regid 1000 --clear-groups \
		--inh-caps -all,+bpf,+perfmon --ambient-caps -all,+bpf,+perfmon \
		--bounding-set -all,+bpf,+perfmon \
		"$place/bin/clonexec" watch --json --count 1 --duration 30 \
		>"$DIR/out" 2>"$DIR/err" 3>&- &
	local pid=$!
	watches
	"$LOSSES" setuid frozen plain 3 >/dev/null
	wait $pid
	holds 'len(L) == 1'
}

@test "where it was not built: one line, 125" {
	mkdir "$DIR/bin"
	install -m 0755 "$CLONEXEC" "$DIR/bin"
	local status=0
	"$DIR/bin/clonexec" watch >"$DIR/out" 2>"$DIR/err" || status=$?
	[ $status -eq 125 ]
	[ "$(wc -l <"$DIR/err")" = 1 ]
}

refuses() {
	local status=0
	timeout 100 "$CLONEXEC" watch "$@" >"$DIR/out" 2>"$DIR/err" || status=$?
	cat "$DIR/err"
	[ $status -eq 125 ] && [ ! -s "$DIR/out" ] &&
		[ "$(wc -l <"$DIR/err")" = 1 ] &&
		grep -q '^clonexec: watch: ' "$DIR/err"
}

@test "bad options are refused" {
	refuses --nonsense
	refuses -Z
	refuses operand
	refuses -- operand
	refuses --exec
	refuses --exec program
	refuses --exec --
	refuses --exec --pid 1 -- true
	refuses --pid 0
	refuses --pid x
	refuses --pid 99999999999999999999
	refuses --duration 0
	refuses --duration x
	refuses --duration nan
	refuses --count -1
	refuses --limit -1
	refuses --limit 1x
	refuses --buffer 15
	refuses --buffer 999999999
	refuses --hooks magic
	refuses --comm ''
	refuses --comm name-that-is-too-long
	refuses --duration
	refuses -o
	refuses -o ''
	grep -q "bad value '' for --output" "$DIR/err"
	refuses --metrics ''
	grep -q "bad value '' for --metrics" "$DIR/err"
	refuses --metrics -
	[ ! -e - ]
}

@test "help" {
	run "$CLONEXEC" watch --help
	[ $status -eq 0 ]
	[[ $output == Usage:* ]]
	[ "$(wc -L <<<"$output")" -le 80 ]
}
