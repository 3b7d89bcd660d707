# SPDX-License-Identifier: MIT
# Programs that have nothing to gain from the shim: output and exit status
# are the same with and without it.  $CLONEXEC_PRELOAD is the shim, $HARMLESS
# a directory with threaded.c in several builds, $SOURCES this project.

load ../common
bats_require_minimum_version 1.5.0

setup_file() {
	copy_shim
}

teardown_file() {
	remove_shim
}

setup() {
	: "${HARMLESS:?}" "${SOURCES:?}"
	shim=$SHIM_DIR/libclonexec-preload.so
	bin=$(realpath "$HARMLESS")
	sources=$(realpath "$SOURCES")
	here=$BATS_TEST_DIRNAME
	unset LD_PRELOAD CLONEXEC_STRATEGY CLONEXEC_DEBUG CLONEXEC_DISABLE
	unset CLONEXEC_NO_INHERIT
	cd "$BATS_TEST_TMPDIR"
}

need() {
	for p; do
		command -v "$p" >/dev/null || cannot "$p is not here"
	done
}

# What differs from run to run is the business of `filter`.
filter() {
	cat
}

run_it() {
	local status=0

	timeout 120 env "$@" </dev/null || status=$?
	echo "exit $status"
}

# In a directory of the same name each time.
side() {
	rm -rf dir && mkdir dir
	(cd dir && run_it "$@") >raw 2>&1
	filter <raw
}

same() {
	side "$@" >without
	side LD_PRELOAD="$shim" "$@" >with
	diff without with
	# That it does run: a command that is not there is the same, too.
	! grep -q '^exit 12[457]$' with || false
}

# One that works.
same_ok() {
	same "$@"
	grep -q '^exit 0$' with
}

@test "dash" {
	need dash
	same_ok dash "$here/shell.sh"
}

@test "bash" {
	need bash
	same_ok bash "$here/shell.sh"
	same_ok bash "$here/bash.sh"
	same_ok bash --posix "$here/shell.sh"
}

@test "make -j2" {
	need make gcc
	filter() {
		grep -v '\.o$' raw
		grep '\.o$' raw | sort
	}
	same_ok make -j2 -f "$here/core.mk" S="$sources" A="$(uname -m)" CC=gcc
}

@test "this project's build: meson, ninja, the compiler" {
	need make meson ninja
	same_ok sh -c 'make -s -C "$0" BUILD="$PWD/out" >log 2>&1
		status=$?
		cksum out/src/cli/clonexec out/src/*/*.so*
		exit $status' "$sources"
}

@test "git: commit, gc, clone, rebase, a hook" {
	need git
	same_ok sh "$here/git.sh"
}

@test "apt-get, simulated" {
	need apt-get
	same apt-get -s -q install hello
	same_ok dpkg-query -W -f '${Package} ${Version}\n' libc6
}

@test "ssh" {
	need ssh ssh-keygen
	same_ok ssh -V
	# (It reads first: else ssh meets a closed pipe, or not.)
	same ssh -o ProxyCommand='sh -c "read line; echo no; exit 1"' \
		-o BatchMode=yes nowhere
	same_ok ssh-keygen -q -t ed25519 -N '' -f key
}

@test "python3, perl: processes and threads" {
	need python3 perl
	cat >processes.py <<-'END'
	import multiprocessing, os, subprocess, sys, threading
	def f(n): return n * n
	if __name__ == "__main__":
	    print(subprocess.run(["sh", "-c", "exit 3"]).returncode)
	    print(subprocess.check_output("echo shell", shell=True))
	    print(subprocess.run(["id", "-u"], user=1000).returncode
	          if os.getuid() == 0 else 0)
	    with multiprocessing.Pool(2) as p: print(p.map(f, range(5)))
	    ts = [threading.Thread(target=os.system, args=("exit 1",))
	          for i in range(8)]
	    [t.start() for t in ts]; [t.join() for t in ts]
	    try: os.execv("/no/such", ["x"])
	    except OSError as e: print(e)
	    sys.stdout.flush()
	    os.execvp("echo", ["echo", "last"])
	END
	same_ok python3 ../processes.py
	same_ok perl -e 'open(P, "-|", "echo pipe") && print <P>;
		print `echo backtick`, system("exit 2"), "\n";
		exec "no-such" or print "$!\n"; $| = 1; exec "echo", "last"'
}

@test "strace" {
	need strace
	same_ok strace -o trace "$bin/threaded" echo last
	# Which process comes first is open; blanks and pids are strace's.
	filter() {
		sed 's/^[0-9]* *//; s/, 0x.* vars .*//' |
			grep -v 'resumed\|SIGCHLD' | sort
	}
	same_ok sh -c 'strace -f -o trace -e trace=execve,exit_group \
		dash -c "true; seq 3 | sort; exec echo last" && cat trace'
	same_ok strace -f -o trace "$bin/threaded" echo last
}

@test "gdb" {
	need gdb
	filter() {
		sed 's/0x[0-9a-f]*/ADDRESS/g; s/process [0-9]*/process/;
			s/LWP [0-9]*/LWP/' | grep -v '^\[.*Thread ' | sort
	}
	same_ok gdb -nx -batch -ex run -ex 'info inferiors' \
		--args sh -c 'true; exec echo last'
	# The program's own output apart, or the two come as they like.
	same_ok sh -c 'gdb -nx -batch -ex "catch exec" -ex "run echo last >out" \
		-ex continue "$0" && cat out' "$bin/threaded"
}

@test "valgrind" {
	need valgrind
	same_ok valgrind -q --error-exitcode=9 dash -c 'seq 3 | sort; exec true'
	same_ok valgrind -q --error-exitcode=9 "$bin/threaded" echo last
	same_ok valgrind -q --trace-children=yes --error-exitcode=9 \
		"$bin/threaded" echo last
}

@test "AddressSanitizer" {
	[ -x "$bin/asan" ] || cannot "no -fsanitize=address here"
	# Gcc's runtime wants to be first; clang's is inside the program.
	run -1 timeout 20 env LD_PRELOAD="$shim" "$bin/asan" echo last
	[[ $output == *"runtime does not come first"* ]]
	same_ok ASAN_OPTIONS=verify_asan_link_order=0 "$bin/asan" echo last
	[ ! -x "$bin/clang-asan" ] || same_ok "$bin/clang-asan" echo last
}

@test "ThreadSanitizer" {
	[ -x "$bin/tsan" ] || cannot "no -fsanitize=thread here"
	# Which would wait a second at the end of each process.
	same_ok TSAN_OPTIONS=atexit_sleep_ms=0 "$bin/tsan" echo last
	[ ! -x "$bin/clang-tsan" ] ||
		same_ok TSAN_OPTIONS=atexit_sleep_ms=0 "$bin/clang-tsan" \
			echo last
}

# A directory with these programs, their libraries and the shim.
fill_root() {
	for f in "$shim" "$@" $(ldd "$@" | grep -o '/[^ :]*\( \|$\)'); do
		mkdir -p "root$(dirname "$f")"
		cp -Lu "$f" "root$f"
	done
}

@test "a chroot without /proc" {
	[ "$(id -u)" = 0 ] || cannot "needs root"
	fill_root /bin/sh /bin/echo /usr/bin/env "$bin/threaded"
	mkdir -p root/bin
	cp /bin/sh /bin/echo root/bin/
	[ ! -e root/proc ]
	chroot=$(command -v chroot)
	same_ok PATH=/bin "$chroot" ../root "$bin/threaded" echo last
	same_ok CLONEXEC_STRATEGY=helper PATH=/bin "$chroot" ../root \
		"$bin/threaded" echo last
	same_ok PATH=/bin "$chroot" ../root /bin/sh -c \
		'echo a | while read -r x; do echo "$x"; done; exec echo b'
}

@test "env -i" {
	same_ok env -i "$bin/threaded" echo last
	same_ok env -i sh -c 'env | grep -v ^PWD; exec env'
	# The environment that a program wipes has no shim in it any more.
	same_ok "$bin/threaded" env -i sh -c 'echo "${LD_PRELOAD-none}"'
}

@test "file" {
	need file
	same_ok file /bin/sh "$shim" /etc/passwd /dev/null "$bin"
	gzip -c /etc/passwd >passwd.gz
	same file -z ../passwd.gz
}

@test "ten thousand arguments" {
	many=$(seq 1 10000)
	same_ok "$bin/threaded" echo $many
	same_ok sh -c 'exec echo "$@"' sh $many
	same_ok sh -c 'seq 1 100000 | xargs echo | cksum'
}

@test "an environment of a megabyte" {
	large() {
		x=$(head -c 100000 /dev/zero | tr '\0' x)
		for i in 0 1 2 3 4 5 6 7 8 9; do
			export "LARGE_$i=$x"
		done
		env "$@"
	}
	side() {
		(large "$@" </dev/null; echo "exit $?") 2>&1 |
			grep -v '^LD_PRELOAD=\|^_='
	}
	same_ok "$bin/threaded" env
	[ "$(wc -c <with)" -gt 1000000 ]
	same_ok sh -c 'exec env'
}

@test "more arguments than the kernel takes" {
	x=$(head -c 100000 /dev/zero | tr '\0' x)
	filter() { cut -c 1-200; }
	run_it() {
		env "$@" sh -c 'x=$1; i=0; set --; while [ $i -lt 90 ]; do
			set -- "$@" "$x"; i=$((i + 1)); done
			exec echo "$@"' sh "$x" || echo "exit $?"
	}
	same
	grep -q "too long" with
}
