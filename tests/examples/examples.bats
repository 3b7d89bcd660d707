#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Each program of examples/ is built as a user would, through pkg-config against
# an installed tree, and does what its first comment says.  Where it is about
# the race it meets a frozen one; its control is the same source without the
# line that protects.
# $BUILD: a build directory; $SOURCE: the project; $FREEZER, $TARGET: theirs.

load ../common
bats_require_minimum_version 1.5.0

setup_file() {
	: "${BUILD:?}" "${SOURCE:?}" "${FREEZER:?}" "${TARGET:?}"
	unset LD_PRELOAD
	# Where nobody may go, unlike the build directory.
	work=$(mktemp -d /tmp/cx-examples-XXXXXX)
	chmod 755 "$work"
	export work
	DESTDIR=$work/root timeout 60 meson install -C "$BUILD" --no-rebuild \
		--quiet
	lib=$(dirname "$(find "$work/root" -name libclonexec.so.0)")
	export PKG_CONFIG_PATH=$lib/pkgconfig
	export PKG_CONFIG_SYSROOT_DIR=$work/root LD_LIBRARY_PATH=$lib
	for source in "$SOURCE"/examples/*.c; do
		build "$source" "$work/$(basename "$source" .c)"
	done
	cp "$FREEZER" "$work/freezer.so"
	mkdir "$work/bin"
	cp "$TARGET" "$work/bin/sudo"
	[ "$(id -u)" != 0 ] || chmod 4755 "$work/bin/sudo"
	chmod -R a+rX "$work"
}

teardown_file() {
	[ -z "${work-}" ] || rm -r "$work"
}

build() {
	# shellcheck disable=SC2046
	${CC:-cc} -std=gnu11 -O2 -Wall -Wextra -Werror -o "$2" "$1" \
		$(pkg-config --cflags --libs clonexec)
}

# The same program without what protects it: a sed script says what that is.
control() {
	sed "$2" "$SOURCE/examples/$1.c" >"$work/$1-control.c"
	run -1 cmp -s "$SOURCE/examples/$1.c" "$work/$1-control.c"
	build "$work/$1-control.c" "$work/$1-control"
	chmod 755 "$work/$1-control"
}

# The words of src/race/target/program.c for the caller nobody.
frozen() {
	run timeout 20 env LD_PRELOAD="$work/freezer.so" "$@"
	[ "$status" != 77 ] || cannot "cannot freeze the race here: $output"
}

@test "none is longer than 60 lines" {
	for source in "$SOURCE"/examples/*.c; do
		[ "$(wc -l <"$source")" -le 60 ]
	done
}

@test "launch: sudo has its privileges, the race frozen" {
	need_root
	control launch s/cx_execvp/execvp/
	PATH=$work/bin:$PATH frozen "$work/launch-control" true
	[[ $output == "65534 65534 65534 "* ]]
	PATH=$work/bin:$PATH frozen "$work/launch" true
	[[ $output == "65534 0 0 "* ]]
}

@test "launch: says what is wrong" {
	run -2 timeout 20 "$work/launch"
	[[ $output == Usage:* ]]
	run -127 timeout 20 env PATH=/nowhere "$work/launch" true
	[ "$output" = "launch: sudo: No such file or directory" ]
}

@test "runtime: the hooks keep the privileges, the race frozen" {
	need_root
	control runtime '/cx_before_exec/d; /cx_after_exec/d'
	frozen "$work/runtime-control" "$work/bin/sudo"
	[[ $output == "65534 65534 65534 "* ]]
	frozen "$work/runtime" "$work/bin/sudo"
	[[ $output == "65534 0 0 "* ]]
}

@test "runtime: a failed exec says why, and it ends" {
	run -127 timeout 20 "$work/runtime" /nowhere
	[ "$output" = "runtime: /nowhere: No such file or directory" ]
}

@test "pool: every job is done once" {
	run -0 timeout 60 "$work/pool" 500
	[ "$output" = 500 ]
}

# LINE FILE: until the file has it, at most 10 seconds.
await() {
	for _ in $(seq 200); do
		! grep -qx "$1" "$2" || return 0
		sleep 0.05
	done
	cat "$2"
	return 1
}

@test "upgrade: the new file, the same process and socket" {
	cd "$work"
	out=$BATS_TEST_TMPDIR/out
	timeout 60 bash -c 'echo $$; exec -a old ./upgrade' >"$out" 3>&- &
	await "old, listening on [0-9]*" "$out"
	pid=$(head -n 1 "$out")
	socket=$(sed -n 's/^old, listening on //p' "$out")
	inode=$(readlink "/proc/$pid/fd/$socket")
	# As an upgrade does it: another file takes the name.
	cp upgrade new
	mv upgrade old-version
	mv new upgrade
	kill -HUP "$pid"
	for _ in $(seq 200); do
		[ "$(grep -c "listening on $socket" "$out")" = 1 ] || break
		sleep 0.05
	done
	[ "$(grep -c "listening on $socket" "$out")" = 2 ]
	[ "$(readlink "/proc/$pid/fd/$socket")" = "$inode" ]
	[ "$(readlink "/proc/$pid/exe")" = "$work/upgrade" ]
	# And when there is nothing to upgrade to, the old version goes on.
	mv upgrade away
	kill -HUP "$pid"
	kill -0 "$pid"
	mv away upgrade
	kill -TERM "$pid"
	wait
}

@test "status: what is in force, and what a failed exec has changed" {
	need_root
	run -0 timeout 20 "$work/status" /nowhere
	[ "${lines[0]}" = "alone 0, in force unshare" ]
	[ "${lines[2]}" = "cwd of its own: no" ]
	# No exec can see that one coming without opening the file.
	: >"$work/empty"
	chmod 755 "$work/empty"
	run -0 timeout 20 "$work/status" "$work/empty"
	[[ ${lines[1]} == *"Exec format error" ]]
	[ "${lines[2]}" = "cwd of its own: yes" ]
}

@test "status: unshare is refused, and so is everything but the lock" {
	/usr/bin/python3 -c 'import seccomp' || cannot "needs python3-seccomp"
	run -0 refusing 0 "$work/status" /nowhere
	[ "${lines[0]}" = "alone 0, in force helper, unshare is refused" ]
	[ "${lines[2]}" = "cwd of its own: no" ]
	run -3 refusing 1 "$work/status" /nowhere
	[[ ${lines[0]} == "alone 0, in force lock"* ]]
}

# WHICH PROGRAM...: where a seccomp filter refuses unshare, and with 1 also the
# helper: clone with CLONE_THREAD but without CLONE_FS.
refusing() {
	timeout 20 /usr/bin/python3 - "$@" <<-'END'
	import errno, os, seccomp, sys
	f = seccomp.SyscallFilter(seccomp.ALLOW)
	no = seccomp.ERRNO(errno.EPERM)
	f.add_rule(no, "unshare")
	if sys.argv[1] == "1":
	    f.add_rule(no, "clone",
	               seccomp.Arg(0, seccomp.MASKED_EQ, 0x10200, 0x10000))
	f.load()
	os.execv(sys.argv[2], sys.argv[2:])
	END
}
