# SPDX-License-Identifier: MIT
# The shim in programs that know nothing of it.  $CLONEXEC_PRELOAD is the
# shim, $PRELOAD_PROGRAMS a directory with the programs beside this file, for
# glibc (NAME) and, where there is musl-gcc, for musl (musl-NAME).

load ../common
bats_require_minimum_version 1.5.0

setup_file() {
	copy_shim
}

teardown_file() {
	remove_shim
}

setup() {
	: "${PRELOAD_PROGRAMS:?}"
	shim=$SHIM_DIR/libclonexec-preload.so
	bin=$(realpath "$PRELOAD_PROGRAMS")
	unset LD_PRELOAD CLONEXEC_STRATEGY CLONEXEC_DEBUG CLONEXEC_DISABLE
	unset CLONEXEC_NO_INHERIT
	cd "$BATS_TEST_TMPDIR"
}

# A program for each libc that is here.
flavours() {
	for f in "$bin/$1" "$bin/musl-$1"; do
		[ ! -x "$f" ] || echo "$f"
	done
}

with_shim() {
	timeout 120 env LD_PRELOAD="$shim" "$@"
}

# The output of a program is the same with and without the shim.
same() {
	for prog in $(flavours "$1"); do
		for side in without with; do
			rm -rf dir && mkdir dir
			[ $side = with ] && p=LD_PRELOAD=$shim || p=NONE=
			(cd dir && timeout 120 env "$p" "${@:2}" "$prog" \
				"$PWD") >$side 2>&1
			echo "exit $?" >>$side
		done
		diff without with
	done
}

@test "it exports what it should and nothing else" {
	nm -D --defined-only "$shim" | awk '{ print $3 }' | sort >is
	sort >should <<-END
	__execvpe
	clone
	clonexec_copy_last
	clonexec_libc___execvpe
	clonexec_libc_errnos
	clonexec_libc_execl
	clonexec_libc_execle
	clonexec_libc_execlp
	clonexec_libc_execv
	clonexec_libc_execve
	clonexec_libc_execveat
	clonexec_libc_execvp
	clonexec_libc_execvpe
	clonexec_libc_fexecve
	execl
	execle
	execlp
	execv
	execve
	execveat
	execvp
	execvpe
	fexecve
	initgroups
	pthread_create
	setegid
	seteuid
	setgid
	setgroups
	setregid
	setresgid
	setresuid
	setreuid
	setuid
	syscall
	END
	diff should is
}

@test "what it imports is weak" {
	run -1 grep -v ' w ' <(nm -D --undefined-only "$shim")
}

@test "it needs no library, has no constructor and no dynamic TLS" {
	readelf -dW "$shim" >dynamic
	! grep -E '\((NEEDED|INIT|INIT_ARRAY|FINI|FINI_ARRAY|TEXTREL)\)' \
		dynamic || false
	! readelf -rW "$shim" | grep -E 'DTPMOD|DTPOFF|TLSDESC|IRELATIV' || false
}

@test "the exec family does what it does without, in every mode" {
	same family
}

@test "the same under each strategy, disabled, and debugged to nowhere" {
	same family CLONEXEC_STRATEGY=unshare
	same family CLONEXEC_STRATEGY=helper
	same family CLONEXEC_STRATEGY=lock
	same family CLONEXEC_DISABLE=1
	same family CLONEXEC_STRATEGY=nonsense
}

@test "the same where a filter says that there is no execveat" {
	export NO_EXECVEAT=1
	same family
	same family CLONEXEC_STRATEGY=helper
	same family CLONEXEC_STRATEGY=lock
	same family CLONEXEC_DISABLE=1
}

@test "syscall, spawns, thread creation and the setuid family too" {
	same rest
	same rest CLONEXEC_STRATEGY=helper
	same rest CLONEXEC_DISABLE=1
}

@test "NULL and bad pointers do what they do without" {
	same nulls
	same nulls CLONEXEC_STRATEGY=helper
}

@test "initgroups: an exec does not wait for a slow directory of groups" {
	need_root
	run -0 with_shim "$bin/groups"
	[ "${lines[0]}" = "$("$bin/groups" | head -n 1)" ]
	echo "slow:x:42:root" >slow
	run -0 timeout 60 unshare -m sh -c 'mount --bind slow /etc/group &&
		LD_PRELOAD=$1 SLOWGROUPS=$PWD/slow exec "$2"' \
		sh "$shim" "$bin/groups"
	[ "${lines[0]}" = "7 42 " ]
	[ "${lines[1]}" = "did not wait" ]
}

# initgroups with N groups for the user, and without a preload and with.
groups_of() {
	for n in $(seq "$1"); do
		echo "group$n:x:$((20000 + n)):many"
	done >group
	for p in NONE= "LD_PRELOAD=$shim"; do
		timeout 60 unshare -m sh -c 'mount --bind group /etc/group &&
			exec env "$@"' sh "$p" "${@:2}"
	done
}

@test "initgroups: as many groups as libc's own sets, or none" {
	need_root
	for n in 0 5 31 32 33 100; do
		for prog in $(flavours manygroups); do
			run -0 groups_of $n "$prog"
			[ "${lines[0]}" = "${lines[1]}" ]
			# The control: musl has a limit of its own.
			[ $n -gt 31 ] && [[ $prog == *musl-* ]] ||
				[ "${lines[0]}" = "0, , $((n + 1))" ]
		done
	done
}

@test "initgroups: where no memory is left to map" {
	need_root
	for prog in $(flavours manygroups); do
		run -0 groups_of 5 "$prog" full
		[ "${lines[0]}" = "0, , 6" ]
		[ "${lines[1]}" = "0, , 6" ]
	done
}

@test "a library's own function that has a name of libc's" {
	same ownnames
	same ownnames CLONEXEC_STRATEGY=helper
	same ownnames CLONEXEC_DISABLE=1
}

@test "a library's indirect functions: by a name of libc's, and before libc is found" {
	[ -x "$bin/indirect" ] || absent "there are no indirect functions here"
	run -0 "$bin/indirect"
	[ "$output" = "5 6 1" ]
	same indirect
}

@test "before any constructor" {
	same early
}

@test "debug: a line for each exec, with the means and the reason" {
	for prog in $(flavours family); do
		mkdir -p dir
		with_shim CLONEXEC_DEBUG="$PWD/err" "$prog" dir >out 2>&1
		grep -q '^clonexec: [0-9]*: exec ./show: unshare$' err
		grep -q '^clonexec: .*: plain (there is no other thread)$' err
		grep -q '^clonexec: .*: failed, as foreseen$' err
		! grep -v '^clonexec: ' err || false
		! grep '^clonexec: ' out || false
		rm -r dir err
	done
}

@test "debug: an unknown strategy is said, and is auto" {
	mkdir dir
	with_shim CLONEXEC_DEBUG="$PWD/err" CLONEXEC_STRATEGY=what \
		"$bin/family" dir >out 2>&1
	grep -q '^clonexec: .*CLONEXEC_STRATEGY has no meaning: what$' err
	grep -q ': unshare$' err
}

@test "debug: a path that is no string" {
	run -0 "$bin/badpath"
	plain=$output
	run -0 with_shim CLONEXEC_DEBUG="$PWD/err" "$bin/badpath"
	[ "$output" = "$plain" ]
	grep -q '^clonexec: .*: exec (a bad pointer): ' err
}

@test "debug: 1 is the terminal, and no file that has its number" {
	with_shim CLONEXEC_DEBUG=1 sh -c 'exec true' 2>err
	[ ! -s err ]
	command -v script >/dev/null || cannot "no script(1)"
	script -qc "LD_PRELOAD=$shim CLONEXEC_DEBUG=1 sh -c 'exec true'" \
		/dev/null </dev/null >out
	grep -q '^clonexec: .*: plain' out
	# What systemd gives a service as its standard error.
	with_shim CLONEXEC_DEBUG=1 JOURNAL_STREAM="$(stat -c %d:%i err)" \
		sh -c 'exec true' 2>>err
	grep -q '^clonexec: .*: plain' err
}

@test "debug: no signal for a reader that has gone, or a file too large" {
	mkfifo pipe
	exec 8<>pipe 9>pipe 8<&-
	with_shim CLONEXEC_DEBUG="$(stat -Lc %d:%i /proc/self/fd/9)" \
		sh -c 'exec true' 2>&9
	exec 9>&-
	bash -c 'ulimit -f 0; exec env LD_PRELOAD="$1" \
		CLONEXEC_DEBUG="$2" sh -c "exec true"' - "$shim" "$PWD/log"
}

@test "0 and the empty string are no" {
	run -0 --separate-stderr with_shim CLONEXEC_DEBUG=0 sh -c 'exec true'
	[ -z "$stderr" ]
	run -0 --separate-stderr with_shim CLONEXEC_DEBUG= sh -c 'exec true'
	[ -z "$stderr" ]
}

# ---- The environment ---------------------------------------------------

@test "an environment that nobody else reads is not read" {
	export REPLACED=before
	for how in array string beside replaced; do
		for what in execve thread ids; do
			"$bin/environs" $how $what
			LD_PRELOAD=$shim "$bin/environs" $how $what
		done
	done
}

@test "changes of ids read a large environment once" {
	for i in $(seq 500); do
		export "SERVICE_NUMBER_${i}_PORT_8080_TCP_ADDR=10.0.0.1"
	done
	"$bin/environs" once
	LD_PRELOAD=$shim "$bin/environs" once
}

@test "a title over the first environment hides no variable from us" {
	export CLONEXEC_NO_INHERIT=1
	for prog in $(flavours environs); do
		for how in title moved; do
			run -0 env LD_PRELOAD="$shim" "$prog" $how
			[[ $output == *PATH=* ]]
			[[ $output != *LD_PRELOAD* ]]
		done
	done
}

@test "an environment that was moved away: every variable counts" {
	for prog in $(flavours environs); do
		LD_PRELOAD=$shim CLONEXEC_DEBUG=$PWD/moved.log \
			CLONEXEC_STRATEGY=none "$prog" moved >/dev/null
		grep -q 'CLONEXEC_STRATEGY has no meaning: none' moved.log
		rm moved.log
		LD_PRELOAD=$shim CLONEXEC_DEBUG=$PWD/moved.log \
			CLONEXEC_DISABLE=1 "$prog" moved >/dev/null
		[ ! -e moved.log ]
		CLONEXEC_DEBUG=$PWD/moved.log LD_PRELOAD=$shim "$prog" moved \
			>/dev/null
		grep -q 'exec /usr/bin/env: plain' moved.log
		rm moved.log
	done
}

# ---- --no-inherit ------------------------------------------------------

no_inherit() {
	with_shim CLONEXEC_NO_INHERIT=1 "$@"
}

@test "no-inherit: children get neither it nor the variable" {
	run -0 no_inherit sh -c 'exec env'
	[[ $output != *LD_PRELOAD* ]]
	[[ $output != *CLONEXEC_NO_INHERIT* ]]
	[[ $output == *PATH=* ]]
}

@test "no-inherit: the rest of the environment stays as it is" {
	env -0 | grep -zv '^_=\|^SHLVL=' | sort -z >a
	no_inherit env env -0 | grep -zv '^_=\|^SHLVL=' | sort -z >b
	cmp a b || { tr "\0" "\n" <a >a.text; tr "\0" "\n" <b | diff a.text -; }
}

@test "no-inherit: other preloads stay, in order" {
	cp "$bin/wrapper.so" one.so
	cp "$bin/wrapper.so" two.so
	for list in "$PWD/one.so  $shim:$PWD/two.so" \
		"$shim:$PWD/one.so:$PWD/two.so" \
		"$PWD/one.so:$PWD/two.so:$shim:"; do
		run -0 timeout 20 env CLONEXEC_NO_INHERIT=1 \
			LD_PRELOAD="$list" sh -c 'exec env' 9>/dev/null
		[[ $output == *"LD_PRELOAD=$PWD/one.so:$PWD/two.so
"* ]]
	done
}

@test "no-inherit: another name of the shim is known too" {
	cp "$shim" renamed.so
	run -0 timeout 20 env CLONEXEC_NO_INHERIT=1 \
		LD_PRELOAD="$PWD/renamed.so" sh -c 'exec env'
	[[ $output != *LD_PRELOAD* ]]
}

@test "no-inherit: a large environment" {
	run -0 no_inherit sh -c '
		i=0
		while [ $i -lt 3000 ]; do
			export "VARIABLE_$i=value_of_$i"; i=$((i + 1))
		done
		exec env | grep -c ^VARIABLE_'
	[ "$output" = 3000 ]
}

# A fork child of a thread has the thread's stack, and one thread.
@test "no-inherit: a fork child of a thread with a small stack" {
	for i in $(seq 2100); do
		export "SERVICE_$i=tcp://10.0.0.1:$i"
	done
	for prog in $(flavours smallstack); do
		"$prog" forked 16384
		no_inherit "$prog" forked 16384
	done
}

@test "no-inherit: on a small stack" {
	for i in $(seq 500); do
		export "SERVICE_$i=tcp://10.0.0.1:$i"
	done
	for prog in $(flavours smallstack); do
		for f in execv execve execvp execl missing; do
			"$prog" $f 8192
			with_shim "$prog" $f 8192
			no_inherit "$prog" $f 8192
			no_inherit CLONEXEC_STRATEGY=helper "$prog" $f 8192
		done
	done
}

# ---- Secure-execution mode ---------------------------------------------

@test "a set-user-ID program ignores the variables" {
	need_root
	public=$(mktemp -d /tmp/cx-preload-XXXXXX)
	chmod 755 "$public"
	cp "$shim" "$public/shim.so"
	cat >p.c <<-'END'
	#include <unistd.h>
	int main(void) { execl("/bin/true", "true", (char *)0); return 1; }
	END
	# Linked with it, since LD_PRELOAD would be ignored anyway.
	gcc -o "$public/p" p.c "$public/shim.so"
	chmod 755 "$public"/*
	: >"$public/log"
	chmod 666 "$public/log"
	run -0 env CLONEXEC_DEBUG="$public/log" "$public/p"
	grep -q '^clonexec:' "$public/log"
	: >"$public/log"
	chmod 4755 "$public/p"
	run -0 env CLONEXEC_DEBUG="$public/log" timeout 20 setpriv \
		--reuid 1000 --regid 1000 --clear-groups "$public/p"
	[ ! -s "$public/log" ]
	rm -r "$public"
}

# ---- The race ----------------------------------------------------------

functions="execve execv execvp execvpe execl execlp execle fexecve
SYS_execve SYS_execveat"

# What the target says; skips the test where nothing can be frozen.
frozen() {
	run timeout 30 "$@"
	[ "$status" != 77 ] || {
		rm -r "$public"
		cannot "cannot freeze the race here: $output"
	}
	[ "$status" = 0 ]
}

targets() {
	need_root
	public=$(mktemp -d /tmp/cx-preload-XXXXXX)
	chmod 755 "$public"
	cp "$shim" "$public/shim.so"
	cp "$bin/wrapper.so" "$public/"
	cp "$bin/target" "$public/target"
	chmod 755 "$public"/*
	chmod 4755 "$public/target"
}

@test "frozen: lost without, kept with, for every function" {
	targets
	for prog in $(flavours frozen); do
		for f in $functions; do
			frozen "$prog" $f "$public/target"
			[ "$output" = 1000 ]
			for s in auto unshare helper; do
				frozen env LD_PRELOAD="$public/shim.so" \
					CLONEXEC_STRATEGY=$s \
					"$prog" $f "$public/target"
				[ "$output" = 0 ]
			done
		done
	done
	rm -r "$public"
}

@test "frozen: CLONEXEC_DISABLE loses, as without" {
	targets
	frozen env LD_PRELOAD="$public/shim.so" CLONEXEC_DISABLE=1 \
		"$bin/frozen" execve "$public/target"
	[ "$output" = 1000 ]
	rm -r "$public"
}

@test "frozen: kept under another preload that wraps exec, and it sees it" {
	targets
	for order in "$public/shim.so:$public/wrapper.so" \
		"$public/wrapper.so:$public/shim.so"; do
		for f in execve execv execvp; do
			frozen env LD_PRELOAD="$order" "$bin/frozen" $f \
				"$public/target" 9>log
			[ "$output" = 0 ]
			[ "$(tail -n 1 log)" = $f ]
		done
	done
	rm -r "$public"
}

@test "another preload that leaves exec by longjmp sees each" {
	run -0 env LD_PRELOAD="$bin/jumper.so" "$bin/jumps"
	plain=$output
	for s in auto unshare helper lock; do
		run -0 timeout 60 env LD_PRELOAD="$shim:$bin/jumper.so" \
			CLONEXEC_STRATEGY=$s "$bin/jumps"
		[ "$output" = "$plain" ]
	done
}

@test "frozen: kept where another preload exchanges the path" {
	targets
	cp "$bin/redirect.so" "$public/"
	chmod 755 "$public/redirect.so"
	for f in execve execv; do
		frozen env LD_PRELOAD="$public/redirect.so" \
			REDIRECTED="$public" "$bin/frozen" $f \
			/redirected/target
		[ "$output" = 1000 ]
		frozen env LD_PRELOAD="$public/shim.so:$public/redirect.so" \
			REDIRECTED="$public" "$bin/frozen" $f \
			/redirected/target
		[ "$output" = 0 ]
	done
	rm -r "$public"
}

@test "frozen: what binds past a preload is lost, and kept with the auditor" {
	targets
	cp "$bin/plugin.so" "$CLONEXEC_AUDIT" "$public/"
	chmod 755 "$public"/*.so
	export PLUGIN=$public/plugin.so
	frozen env LD_PRELOAD="$public/shim.so" "$bin/frozen" plugin \
		"$public/target"
	[ "$output" = 0 ]
	for way in deepbind dlmopen handle; do
		frozen env LD_PRELOAD="$public/shim.so" "$bin/frozen" $way \
			"$public/target"
		[ "$output" = 1000 ]
		frozen env LD_PRELOAD="$public/shim.so" \
			LD_AUDIT="$public/libclonexec-audit.so" \
			"$bin/frozen" $way "$public/target"
		[ "$output" = 0 ]
	done
	rm -r "$public"
}

@test "auditor: every function, and other preloads that wrap exec, as without" {
	targets
	cp "$CLONEXEC_AUDIT" "$public/"
	export LD_AUDIT=$public/libclonexec-audit.so
	for order in "$public/shim.so:$public/wrapper.so" \
		"$public/wrapper.so:$public/shim.so"; do
		for f in execve execv execvp; do
			frozen env LD_PRELOAD="$order" "$bin/frozen" $f \
				"$public/target" 9>log
			[ "$output" = 0 ]
			[ "$(tail -n 1 log)" = $f ]
		done
	done
	unset LD_AUDIT
	rm -r "$public"
	# One that asks for libc's by another object of its own.
	run -0 timeout 60 env LD_AUDIT="$CLONEXEC_AUDIT" \
		LD_PRELOAD="$shim:$bin/logger.so:$bin/around.so" \
		"$bin/smallstack" execv 65536
	for prog in family rest nulls; do
		mkdir dir
		(cd dir && timeout 120 "$bin/$prog" "$PWD") >without 2>&1
		rm -r dir && mkdir dir
		(cd dir && timeout 120 env LD_PRELOAD="$shim" \
			LD_AUDIT="$CLONEXEC_AUDIT" "$bin/$prog" "$PWD") \
			>with 2>&1
		rm -r dir
		diff without with
	done
}

@test "auditor: errno in a namespace of its own" {
	export PLUGIN=$bin/plugin.so
	for file in /nowhere /etc/passwd; do
		run -0 "$bin/namespace" $file
		plain=$output
		[[ $plain != *Success* ]]
		run -0 env LD_PRELOAD="$shim" LD_AUDIT="$CLONEXEC_AUDIT" \
			"$bin/namespace" $file
		[ "$output" = "$plain" ]
	done
}

@test "initgroups: another preload's, and libc's with another's setgroups" {
	for other in groupsayer groupsayer-whole; do
		run -0 env LD_PRELOAD="$bin/$other.so" "$bin/inits"
		plain=$output
		run -0 env LD_PRELOAD="$shim:$bin/$other.so" "$bin/inits"
		[ "$output" = "$plain" ]
	done
	[ "$plain" = done ]
}

@test "debug lines wait for no terminal" {
	echo x >noexec && chmod 644 noexec
	printf 'no program' >noexec2 && chmod 755 noexec2
	for file in "$PWD/noexec" "$PWD/noexec2"; do
		run -0 timeout 120 "$bin/stalledpty" "$file"
		run -0 timeout 120 env LD_PRELOAD="$shim" CLONEXEC_DEBUG=1 \
			"$bin/stalledpty" "$file"
	done
}

# ---- Company -----------------------------------------------------------

@test "a filter that kills on unshare kills nobody" {
	for prog in $(flavours killjoy); do
		for s in auto unshare helper lock; do
			run -0 with_shim CLONEXEC_STRATEGY=$s "$prog"
			[ "$output" = "one thread
two threads" ]
		done
	done
}

@test "valgrind" {
	command -v valgrind >/dev/null || cannot "no valgrind"
	timeout 300 env LD_PRELOAD="$shim" valgrind -q --error-exitcode=99 \
		"$bin/early" >out 2>err
	diff out <("$bin/early")
	! grep '^==' err || false
}

@test "strace -f and gdb" {
	command -v strace >/dev/null || cannot "no strace"
	with_shim strace -f -o trace "$bin/early" >out
	diff out <("$bin/early")
	grep -q 'execve("/bin/echo"' trace
	command -v gdb >/dev/null || cannot "no gdb"
	timeout 60 gdb -nx -batch -ex "set exec-wrapper env LD_PRELOAD=$shim" \
		-ex run -ex quit "$bin/early" >out 2>&1 </dev/null
	grep -q 'execlp' out
	grep -q 'exited normally' out
}
