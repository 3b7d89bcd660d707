#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# clonexec doctor.  CLONEXEC, CLONEXEC_PRELOAD, FIXED_KERNEL (a library that
# plays one) and STATIC (a program with two threads) are paths.

load ../common

setup() {
	: "${CLONEXEC:?}" "${CLONEXEC_PRELOAD:?}" "${STATIC:?}"
	DIR=$(mktemp -d)
	export NO_COLOR=1
	pids=()
}

teardown() {
	[ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || :
	rm -rf "$DIR"
}

# begin NAME PROGRAM...: until it has said that its threads are there.
begin() {
	local name=$1
	shift
	mkfifo "$DIR/$name.in"
	"$@" <"$DIR/$name.in" >"$DIR/$name.out" 3>&- &
	pids+=($!)
	exec {hold}>"$DIR/$name.in"
	for _ in $(seq 200); do
		[ -s "$DIR/$name.out" ] && return
		sleep 0.05
	done
	return 1
}

# A Python of our own, so that it is known by its path.
threaded() {
	local name=$1
	shift
	[ -e "$DIR/python" ] || cp "$(python3 -c 'import sys
print(getattr(sys, "_base_executable", sys.executable))')" "$DIR/python"
	begin "$name" "$@" "$DIR/python" -S -c '
import sys, threading
threading.Thread(target=threading.Event().wait, daemon=True).start()
print(".", flush=True)
sys.stdin.read()'
}

# holds EXPRESSION: over D, what doctor says, and G, its groups by path.
holds() {
	/usr/bin/python3 - "$DIR/said" "$1" "$DIR" <<-'PY'
	import json, sys
	D = json.load(open(sys.argv[1]))
	DIR = sys.argv[3]
	G = {}
	for g in D["groups"]:
	    G.setdefault(g["path"], []).append(g)
	if not eval("(" + sys.argv[2] + ")"):
	    sys.exit(f"{sys.argv[2]}: {json.dumps(D, indent=1)}")
	PY
}

doctor() {
	"$CLONEXEC" doctor --json "$@" >"$DIR/said" || [ $? = 1 ]
}

@test "a process with threads: what to type, and nothing once it is protected" {
	threaded plain env
	doctor
	holds 'G[DIR + "/python"][0]["state"] == "open"'
	holds 'G[DIR + "/python"][0]["threads"] == 2'
	holds 'G[DIR + "/python"][0]["remedy"] == {"means": "run", "why": None,
		"command": "clonexec run " + DIR + "/python"}'
	holds 'D["processes"]["open"] >= 1'
	kill "${pids[0]}"
	threaded covered "$CLONEXEC" run -q
	doctor
	holds 'DIR + "/python" not in G'
	doctor --all
	holds '[g["state"] for g in G[DIR + "/python"]] == ["shim"]'
	holds 'D["processes"]["shim"] >= 1'
}

@test "what nothing can be preloaded into, and what can lose nothing" {
	begin static "$STATIC"
	begin nnp setpriv --no-new-privs "$STATIC"
	doctor --all
	holds '{g["state"] for g in G["'"$STATIC"'"]} == {"open", "no_new_privs"}'
	holds 'all(g["remedy"]["means"] == "guard" and
		"statically" in g["remedy"]["why"]
		for g in G["'"$STATIC"'"] if g["state"] == "open")'
	holds 'all("remedy" not in g for g in D["groups"]
		if g["state"] != "open")'
}

@test "one thread is no case" {
	begin one sh -c 'echo .; read x'
	doctor --all
	holds 'all(g["threads"] > 1 for g in D["groups"])'
}

@test "a program whose file is gone has no command" {
	threaded gone env
	rm "$DIR/python"
	doctor
	holds 'G[DIR + "/python (deleted)"][0]["remedy"]["command"] is None'
}

@test "the kernel: as probe has it, and a fixed one needs nothing" {
	need_root
	need_loss
	need_refusal
	threaded plain env
	doctor
	holds 'D["affected_privileges"] and D["affected_eagain"]'
	run "$CLONEXEC" doctor
	[ "$status" = 1 ]
	[[ ${lines[0]} == 'kernel     affected: Linux '* ]]
	LD_PRELOAD=$FIXED_KERNEL run "$CLONEXEC" doctor
	[ "$status" = 0 ]
	[[ ${lines[0]} == 'kernel     not affected: Linux '* ]]
}

@test "without root: his own processes, and half of the kernel" {
	need_root
	cp "$CLONEXEC" "$DIR/clonexec"
	chmod -R a+rX "$DIR"
	run setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$DIR/clonexec" doctor --json
	[ "$status" -le 1 ]
	printf '%s\n' "${lines[@]}" | grep '"affected_privileges": null'
	printf '%s\n' "${lines[@]}" | grep '"affected_eagain": \(true\|false\)'
}

@test "bad words are one line and 125" {
	local words
	for words in --wrong here '--json=1'; do
		run "$CLONEXEC" doctor $words
		[ "$status" = 125 ]
		[ "${#lines[@]}" = 1 ]
	done
	run "$CLONEXEC" doctor --help
	[ "$status" = 0 ]
	[[ ${lines[0]} == 'Usage: clonexec doctor '* ]]
}
