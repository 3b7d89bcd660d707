# SPDX-License-Identifier: MIT
# Real programs that nobody changed, beside clonexec's shim and without it.
# $CLONEXEC is the command, $CLONEXEC_PRELOAD the shim, $TARGET the target of
# src/race/target, $CLIENTS a directory with the programs built from this one.
#
# "Frozen" tests need no luck (freezer.c).  "Amplified" ones (amplify.c) are
# for creators that can't be frozen: the control is repeated until it has
# lost, and then the shim must keep as often.

load ../common
bats_require_minimum_version 1.5.0

setup_file() {
	: "${CLONEXEC:?}" "${CLONEXEC_PRELOAD:?}" "${TARGET:?}" "${CLIENTS:?}"
	unset LD_PRELOAD CLONEXEC_STRATEGY CLONEXEC_DEBUG CLONEXEC_DISABLE
	unset CLONEXEC_NO_INHERIT
	[ "$(id -u)" = 0 ] || return 0
	# Where nobody may go, unlike the build directory.
	public=$(mktemp -d /tmp/cx-clients-XXXXXX)
	export public
	cp "$CLONEXEC_PRELOAD" "$public/shim.so"
	cp "$BATS_TEST_DIRNAME"/*.{py,rb,php,lua,scm,pl,sh} "$public/"
	for f in "$CLIENTS"/*; do
		[ ! -f "$f" ] || [ ! -x "$f" ] || cp "$f" "$public/"
	done
	chmod 755 "$public" "$public"/*
	cp "$TARGET" "$public/setuid"
	cp "$TARGET" "$public/setgid"
	cp "$TARGET" "$public/filecaps"
	chmod 4755 "$public/setuid"
	chmod 2755 "$public/setgid"
	setcap cap_net_raw+ep "$public/filecaps"
}

teardown_file() {
	[ -z "${public-}" ] || rm -r "$public"
}

need() {
	[ -n "${public-}" ] || cannot "needs root"
	for p; do
		command -v "$p" >/dev/null || [ -x "$public/$p" ] ||
			cannot "$p is not here"
	done
}

# The words of src/race/target/program.c for the caller nobody.
verdict() {
	case "$1:$output" in
	setuid:"65534 0 0 65534 65534 65534 "*" 1" | \
	setgid:"65534 65534 65534 65534 0 0 0 0 1" | \
	filecaps:"65534 65534 65534 65534 65534 65534 2000 2000 1")
		echo kept ;;
	*:"65534 65534 65534 65534 65534 65534 0 0 1")
		echo lost ;;
	*)
		echo "broken: $output" ;;
	esac
}

frozen() {
	FREEZER=$public/freezer.so run timeout 30 "$@"
	[ "$status" != 77 ] || cannot "cannot freeze the race here: $output"
}

# An interpreter that loads the freezer itself.
loads() {
	need "$1"
	for target in setuid setgid filecaps; do
		frozen "$@" "$public/$target"
		[ "$(verdict $target)" = lost ]
		CLONEXEC_PRELOAD=$public/shim.so frozen "$CLONEXEC" run -- \
			"$@" "$public/$target"
		[ "$(verdict $target)" = kept ]
	done
}

# A program that cannot: the freezer is another preload, behind the shim.
preloads() {
	for target in setuid setgid filecaps; do
		frozen env LD_PRELOAD="$public/$1" "${@:2}" "$public/$target"
		[ "$(verdict $target)" = lost ]
		frozen env LD_PRELOAD="$public/shim.so:$public/$1" "${@:2}" \
			"$public/$target"
		[ "$(verdict $target)" = kept ]
	done
}

# ---- Frozen ------------------------------------------------------------

@test "frozen: python3 (ctypes)" {
	loads python3 "$public/client.py"
}

@test "frozen: ruby (Fiddle)" {
	loads ruby "$public/client.rb"
}

@test "frozen: perl (ithreads, DynaLoader)" {
	loads perl "$public/client.pl"
}

@test "frozen: php (FFI, pcntl)" {
	loads php "$public/client.php"
}

@test "frozen: luajit (FFI)" {
	loads luajit "$public/client.lua"
}

@test "frozen: guile (dynamic-link)" {
	loads guile --no-auto-compile "$public/client.scm"
}

@test "frozen: rust (CommandExt::exec)" {
	need rust
	preloads freezer.so "$public/rust"
}

@test "frozen: C with pthreads, timers, OpenMP, raw clone" {
	need pthreads
	for c in pthreads timer openmp rawclone; do
		[ ! -x "$public/$c" ] || preloads freezer.so "$public/$c"
	done
}

@test "frozen: C for musl" {
	need musl-pthreads
	for c in pthreads rawclone; do
		preloads musl-freezer.so "$public/musl-$c"
	done
}

@test "go with cgo is not covered, and run --check says so" {
	need go
	run -1 "$CLONEXEC" run --check -- "$public/go"
	[[ $output == "not covered: "*Go* ]]
	for preload in "$public/freezer.so" \
		"$public/shim.so:$public/freezer.so"; do
		frozen env LD_PRELOAD="$preload" "$public/go" \
			"$public/setuid"
		[ "$(verdict setuid)" = lost ]
	done
}

@test "run --check: what is covered here says so" {
	need pthreads
	for p in python3 ruby perl php luajit guile "$public/rust" \
		"$public/pthreads" "$public/musl-pthreads"; do
		command -v "$p" >/dev/null || continue
		CLONEXEC_PRELOAD=$public/shim.so run -0 "$CLONEXEC" run \
			--check -- "$p"
		[[ $output == "covered: "* ]]
	done
}

# ---- Frozen, with targets that everybody has ----------------------------

# WITHOUT is what the target says when it has lost.
real() {
	without=$1
	shift
	frozen "$@"
	[ "$status" != 0 ]
	[[ $output == *"$without"* ]]
	CLONEXEC_PRELOAD=$public/shim.so frozen "$CLONEXEC" run -- "$@"
	[[ $output != *"$without"* ]]
}

client() {
	echo "python3 $public/client.py $(command -v "$1")"
}

@test "frozen: sudo (set-uid)" {
	need python3 sudo
	real "effective uid is not 0" $(client sudo) -V
	[ "$status" = 0 ]
}

@test "frozen: chage (set-gid)" {
	need python3 chage
	[ -g "$(command -v chage)" ] || cannot "chage is not set-gid here"
	real "/etc/shadow" $(client chage) -l nobody
	[ "$status" = 0 ]
}

@test "frozen: ping (file capabilities)" {
	need python3 ping
	[ -n "$(getcap "$(command -v ping)")" ] ||
		cannot "ping has no capability here"
	# In a new network namespace nobody may ping without; there is no
	# network either, but that comes later.
	real "Operation not permitted" unshare -n $(client ping) -c 1 -w 1 \
		127.0.0.1
}

@test "frozen: mount (set-uid), what fstab lets users mount" {
	need python3 mount
	mkdir "$public/mnt"
	echo "none $public/mnt tmpfs user,noauto 0 0" >"$public/fstab"
	cat >"$public/mount.sh" <<-'END'
	mount --bind "$public/fstab" /etc/fstab && exec "$@"
	END
	real "$public/mnt" unshare -m sh "$public/mount.sh" $(client mount) \
		"$public/mnt"
	[ "$status" = 0 ]
}

@test "frozen: newuidmap (set-uid)" {
	need python3 newuidmap
	echo "nobody:100000:65536" >"$public/subuid"
	cat >"$public/map.sh" <<-'END'
	mount --bind "$public/subuid" /etc/subuid || exit
	rm -f "$public/fifo" "$public/pid" && mkfifo -m 666 "$public/fifo"
	setpriv --reuid 65534 --regid 65534 --clear-groups unshare -U \
		timeout 20 sh -c 'echo $$; read x <"$0"' "$public/fifo" \
		>"$public/pid" &
	i=0
	while [ ! -s "$public/pid" ] && [ $i -lt 1000 ]; do
		sleep 0.01; i=$((i + 1))
	done
	"$@" $(cat "$public/pid") 0 100000 1
	status=$?
	echo >"$public/fifo"
	wait
	exit $status
	END
	real "uid_map" unshare -m sh "$public/map.sh" $(client newuidmap)
	[ "$status" = 0 ]
}

# ---- Amplified ---------------------------------------------------------

# Leaves "LOST EAGAIN RUNS" in $output; the arguments are those of runs.sh.
amplify() {
	run timeout 140 "$public/amplify" setpriv --reuid 65534 \
		--regid 65534 --clear-groups sh "$public/runs.sh" "$@" \
		"$public/setuid"
	[ "$status" != 77 ] || cannot "no cgroup v2 here: $output"
	echo "$output"
	[ "$status" = 0 ]
}

# EAGAIN PROGRAM...: as often as it takes to lose three times, and to see a
# creation fail if EAGAIN is 1; then as often with the shim: nothing.  This is
# luck, if a good deal of it: where it is not enough that is a skip and never
# a failure.  The frozen races above are the verdict.
amplified() {
	need_loss
	amplify "" 3 "$1" 400 "${@:2}"
	read -r lost eagain runs <<<"$output"
	echo "# $lost of $runs lost, $eagain with EAGAIN" >&3
	[ "$lost" -ge 3 ] || skip "the control loses too seldom here"
	[ "$eagain" -ge "$1" ] ||
		echo "# (the control saw no EAGAIN, so of that this says nothing)" >&3
	runs=$((runs > 40 ? runs : 40))
	amplify "$public/shim.so" 1 0 $runs "${@:2}"
	[ "$output" = "0 0 $runs" ]
}

@test "amplified: perl ithreads" {
	need perl
	amplified 0 perl "$public/ithreads.pl"
}

@test "amplified: rust threads" {
	need rust
	amplified 1 "$public/rust"
}

@test "amplified: C threads" {
	need pthreads
	amplified 1 "$public/pthreads"
}

@test "amplified: C timers (SIGEV_THREAD)" {
	need timer
	amplified 0 "$public/timer"
}

@test "amplified: C with OpenMP" {
	need openmp
	amplified 0 "$public/openmp"
}

@test "amplified: C with raw clone" {
	need rawclone
	amplified 1 "$public/rawclone"
}

@test "amplified: C threads of musl" {
	need musl-pthreads
	amplified 1 "$public/musl-pthreads"
}
