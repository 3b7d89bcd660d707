# SPDX-License-Identifier: MIT
# clonexec run.  $CLONEXEC is the command, $CLONEXEC_PRELOAD the shim, $ELF_FILES
# the inputs of the fuzz target elf.

load ../common
bats_require_minimum_version 1.5.0

setup() {
	: "${CLONEXEC:?}" "${CLONEXEC_PRELOAD:?}" "${ELF_FILES:?}"
	corpus=$ELF_FILES
	cd "$BATS_TEST_TMPDIR"
	unset LD_PRELOAD CLONEXEC_STRATEGY CLONEXEC_DEBUG CLONEXEC_NO_INHERIT
}

# A program that is there, executable, and never really run.
fake() {
	cp "$corpus/$1" "./$1"
	chmod 755 "./$1"
}

cx() {
	timeout 200 "$CLONEXEC" run "$@"
}

# The loader that an ELF file asks for.
loader_of() {
	readelf -l "$1" | sed -n 's/.*interpreter: \(.*\)]/\1/p'
}

need_x86_64() {
	[ "$(uname -m)" = x86_64 ] || skip "the samples are x86-64"
}

@test "the program runs, with its arguments and its exit status" {
	run -3 cx -- sh -c 'echo "$0-$1-$2"; exit 3' a 'b c' ''
	[ "$output" = "a-b c-" ]
}

@test "it execs: the process id stays" {
	sh -c 'echo $$; exec "$CLONEXEC" run -- sh -c "echo \$\$"' >pids
	[ "$(sort -u pids | wc -l)" = 1 ]
}

@test "a signal's end is the program's own" {
	run -143 cx -- sh -c 'kill -TERM $$'
}

@test "LD_PRELOAD is the shim's absolute path" {
	run -0 cx -- printenv LD_PRELOAD
	[ "$output" = "$(realpath "$CLONEXEC_PRELOAD")" ]
}

@test "a relative CLONEXEC_PRELOAD is made absolute" {
	cp "$CLONEXEC_PRELOAD" shim.so
	CLONEXEC_PRELOAD=./shim.so run -0 cx -- printenv LD_PRELOAD
	[ "$output" = "$PWD/shim.so" ]
}

@test "another preload is kept behind it" {
	cp "$CLONEXEC_PRELOAD" other.so
	LD_PRELOAD=$PWD/other.so run -0 cx -- printenv LD_PRELOAD
	[ "$output" = "$(realpath "$CLONEXEC_PRELOAD"):$PWD/other.so" ]
}

@test "it is not put in twice" {
	run -0 cx -- "$CLONEXEC" run -- printenv LD_PRELOAD
	[ "$output" = "$(realpath "$CLONEXEC_PRELOAD")" ]
}

# The program's own loader says what $LIB is there.
@test "\$LIB in CLONEXEC_PRELOAD goes to the loader as it is" {
	local loader token
	loader=$(loader_of "$(command -v grep)")
	[[ $loader == *ld-linux* || $loader == *ld64* ]] ||
		skip "grep is not glibc's"
	lib=$(dirname "$(realpath "$loader")")
	lib=${lib#/usr}
	mkdir -p ".$lib"
	cp "$CLONEXEC_PRELOAD" ".$lib/libclonexec-preload.so"
	for token in '$LIB' '${LIB}'; do
		export CLONEXEC_PRELOAD=$PWD/$token/libclonexec-preload.so
		run -0 cx -- printenv LD_PRELOAD
		[ "$output" = "$CLONEXEC_PRELOAD" ]
		run -0 cx -- grep -c "$PWD$lib/libclonexec-preload.so" \
			/proc/self/maps
		run -0 cx --check -- grep
		[[ $output == covered:* ]]
	done
	CLONEXEC_PRELOAD=./\$LIB/libclonexec-preload.so run -0 cx -- \
		printenv LD_PRELOAD
	[ "$output" = "$PWD/./\$LIB/libclonexec-preload.so" ]
	CLONEXEC_PRELOAD=./\$LIBS/libclonexec-preload.so run -125 cx -- true
	rm ".$lib/libclonexec-preload.so"
	run -125 cx -- true
	[[ $output == *"not found"*LIB* ]]
}

# Its loader is only a name, in the length of the real one.
@test "\$LIB: a program of the other class has a shim of its own" {
	need_x86_64
	local lib
	lib=$(dirname "$(realpath "$(loader_of "$(command -v grep)")")")
	lib=${lib#/usr}
	mkdir -p ".$lib" lib3
	cp "$CLONEXEC_PRELOAD" ".$lib/shim.so"
	touch lib3/ld-linux.so.2
	sed 's|/lib/ld-linux.so.2|lib3/ld-linux.so.2|' "$corpus/glibc32" >other
	chmod 755 other
	CLONEXEC_PRELOAD=$PWD/\$LIB/shim.so run -1 cx --check -- ./other
	[[ $output == *"its loader finds no shim at "*LIB* ]]
	cp "$corpus/glibc32" lib3/shim.so
	CLONEXEC_PRELOAD=$PWD/\$LIB/shim.so run -0 cx --check -- ./other
	[[ $output == covered:*"32-bit x86"* ]]
	CLONEXEC_PRELOAD=$PWD$lib/shim.so run -1 cx --check -- ./other
	[[ $output == *"32-bit x86 code, which the shim is not"* ]]
}

@test "no shim: 125 and its name" {
	CLONEXEC_PRELOAD=$PWD/none.so run -125 --separate-stderr cx -- true
	[ -z "$output" ]
	[[ $stderr == *"$PWD/none.so"* ]]
}

@test "a shim that is no library: 125" {
	echo text >text.so
	CLONEXEC_PRELOAD=$PWD/text.so run -125 cx -- true
}

@test "a path that LD_PRELOAD cannot hold: 125" {
	cp "$CLONEXEC_PRELOAD" 'a b.so'
	CLONEXEC_PRELOAD="$PWD/a b.so" run -125 cx -- true
	[[ $output == *"LD_PRELOAD cannot hold"* ]]
}

@test "-- may be left out, and the program's options are its own" {
	run -0 cx echo --check -q
	[ "$output" = "--check -q" ]
	run -0 cx --strategy lock -q sh -c 'echo "$CLONEXEC_STRATEGY"'
	[ "$output" = lock ]
}

@test "options may be shortened as far as they are clear" {
	run -0 cx --no --strat=lock sh -c 'echo $CLONEXEC_STRATEGY'
	[ "$output" = lock ]
	run -125 --separate-stderr cx --
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *--help* ]]
}

@test "no program: 125" {
	run -125 cx --
	run -125 cx
	run -125 cx --check
}

@test "bad options: 125" {
	run -125 cx --bogus -- true
	run -125 cx --strategy bogus -- true
	run -125 cx --strategy= -- true
	run -125 cx --strategy
	[[ $output == *"no value"*--help* ]]
	run -125 cx --bogus
	[ "${#lines[@]}" = 1 ]
	[[ $output == *"unknown option '--bogus'"*--help* ]]
}

@test "options after -- are the program's" {
	run -0 cx -- echo --check --bogus
	[ "$output" = "--check --bogus" ]
}

@test "--help goes to stdout" {
	run -0 --separate-stderr cx --help
	[[ $output == Usage:* ]]
	[ -z "$stderr" ]
}

@test "--help into a full disk: 125" {
	[ -c /dev/full ] || cannot "no /dev/full"
	run -125 sh -c '"$CLONEXEC" run --help >/dev/full'
}

@test "not found: 127" {
	run -127 cx -- no-such-program-at-all
	run -127 cx -- ./no-such-program
	run -127 cx -- ''
	[ "$output" = "clonexec: '': No such file or directory" ]
	run -127 cx --check -- no-such-program-at-all
}

@test "found but not executable: 126" {
	echo text >plain
	run -126 cx -- ./plain
	[[ $output == *"Permission denied"* ]]
	run -126 cx -- "$PWD"
	[[ $output == *"is a directory"* ]]
	run -126 cx --check -- ./plain
	run -126 cx --check -- .
}

@test "a file in PATH that is not executable does not hide a later one" {
	mkdir one two
	echo text >one/prog
	printf '#!/bin/sh\necho two\n' >two/prog
	chmod 755 two/prog
	PATH=$PWD/one:$PWD/two:$PATH run -0 cx -- prog
	[ "$output" = two ]
	PATH=$PWD/one:$PATH run -126 cx -- prog
}

@test "a script whose interpreter is missing: 126" {
	printf '#!/no/such/interpreter\n' >script
	chmod 755 script
	run -126 cx -- ./script
	[[ $output == */no/such/interpreter* ]]
	run -126 cx --check -- ./script
}

@test "a program whose loader is missing: 126" {
	need_x86_64
	fake renamed-loader
	run -126 cx --check -- ./renamed-loader
	[[ $output == */opt/x/loader* ]]
}

@test "--strategy, --debug and --no-inherit become variables" {
	CX_OUT='$CLONEXEC_STRATEGY,$CLONEXEC_DEBUG,$CLONEXEC_NO_INHERIT'
	run -0 cx -- sh -c "echo $CX_OUT"
	[ "$output" = ",," ]
	cx --strategy helper --debug --no-inherit \
		-- sh -c "echo $CX_OUT" >out 2>err
	[ "$(cat out)" = "helper,$(stat -c %d:%i err),1" ]
	run -0 cx --debug=log -- sh -c "echo $CX_OUT"
	[ "$output" = ",$PWD/log," ]
	run -0 cx --strategy=lock -- sh -c "echo $CX_OUT"
	[ "$output" = "lock,," ]
}

@test "--debug: the shim says what it does" {
	run -0 --separate-stderr cx --debug -- sh -c 'exec /bin/true'
	[[ $stderr == "clonexec: "*": exec /bin/true: plain"* ]]
	cx --debug=log -- sh -c 'exec 2>other; exec /bin/true'
	grep -q '^clonexec: .*: exec /bin/true: plain' log
	[ ! -s other ]
}

@test "--debug: not into what a program has opened as descriptor 2" {
	cx --debug -- sh -c 'exec 2>other; exec /bin/true' 2>err
	[ ! -s other ]
	[ ! -s err ]
	run -125 cx --debug= -- true
	[[ $output == *"bad value '' for --debug"* ]]
	run -125 --separate-stderr cx --debug=/nowhere/log -- true
	[ "$stderr" = "clonexec: /nowhere/log: No such file or directory" ]
	run -125 sh -c '"$@" 2>&-' sh "$CLONEXEC" run --debug -- true
}

@test "--no-inherit: the program has it, what it execs does not" {
	run -0 cx --no-inherit -- sh -c 'echo $LD_PRELOAD; exec env'
	[ "${lines[0]}" = "$(realpath "$CLONEXEC_PRELOAD")" ]
	[[ $output != *LD_PRELOAD=* ]]
	[[ $output != *NO_INHERIT* ]]
}

@test "--check: a limit is said where it may apply, in one line" {
	cc -o small -x c - <<<'int main(void) { return 0; }'
	cc -o loads -x c - <<-'END'
	#include <dlfcn.h>
	int main(void) { return dlopen("x", RTLD_NOW) != 0; }
	END
	run -0 --separate-stderr cx --check -- ./small
	[[ $output == covered:* ]]
	[ ${#lines[@]} = 1 ]
	run -0 --separate-stderr cx --check -- ./loads
	[[ ${lines[0]} == covered:* ]]
	[[ ${lines[1]} == "limit: "*RTLD_DEEPBIND*--audit* ]]
	[ ${#lines[@]} = 2 ]
	[ -z "$stderr" ]
	run -0 cx --check --audit -- ./loads
	[ ${#lines[@]} = 1 ]
}

@test "--check: another preload is named only where it may wrap exec" {
	cc -o small -x c - <<<'int main(void) { return 0; }'
	cc -shared -o calls.so -x c - <<-'END'
	#include <unistd.h>
	int f(char **argv) { return execv("/bin/true", argv); }
	END
	cc -shared -o wraps.so -x c - \
		<<<'int execv(const char *p, char **argv) { return -1; }'
	: >empty.so
	LD_PRELOAD=$PWD/calls.so run -0 --separate-stderr cx --check ./small
	[ ${#lines[@]} = 1 ]
	export LD_PRELOAD="$PWD/calls.so $PWD/wraps.so:$CLONEXEC_PRELOAD"
	run -0 --separate-stderr cx --check ./small
	[ "${lines[1]}" = "limit: $PWD/wraps.so, preloaded too, wraps exec: it \
gets the call, and then strategy helper is only lock" ]
	[ ${#lines[@]} = 2 ]
	LD_PRELOAD=$PWD/empty.so:none.so run -0 --separate-stderr \
		cx --check ./small
	[[ ${lines[1]} == "limit: $PWD/empty.so, "*" may wrap exec: "* ]]
	[[ ${lines[2]} == "limit: none.so, "*" may wrap exec: "* ]]
	[ ${#lines[@]} = 3 ]
}

@test "--audit: the auditor is first, and others stay" {
	run -0 cx --audit -- sh -c 'echo "$LD_AUDIT"'
	[[ $output == /*/libclonexec-audit.so ]]
	LD_AUDIT=/nowhere/a.so run cx --audit -- sh -c 'echo "$LD_AUDIT"'
	[[ $output == */libclonexec-audit.so:/nowhere/a.so ]]
	mkdir d
	cp "$CLONEXEC_PRELOAD" d/shim.so
	: >d/libclonexec-audit.so
	CLONEXEC_PRELOAD=$PWD/d/shim.so run cx --audit -- printenv LD_AUDIT
	[[ $output == *"$PWD/d/libclonexec-audit.so"* ]]
}

@test "--check runs nothing" {
	run -0 cx --check -- touch made
	[ ! -e made ]
}

@test "--check follows scripts" {
	printf '#!/bin/sh -e\n' >one
	printf '#!%s/one\n' "$PWD" >two
	chmod 755 one two
	run -0 cx --check -- ./two
	[[ ${lines[0]} == "covered: /bin/sh:"* ]]
}

@test "--check: env with options or assignments, a limit" {
	for arg in '-S -i perl' '-S -u LD_PRELOAD perl' '-i' 'A=b' \
		'-S A=b perl'; do
		echo "#!/usr/bin/env $arg" >script
		chmod 755 script
		run -0 --separate-stderr cx --check -- ./script
		[[ ${lines[0]} == "covered: "*/env:* ]]
		[[ ${lines[1]} == "limit: what env starts was not looked at"* ]]
		[ ${#lines[@]} = 2 ]
	done
	run -0 cx --check -- env -i perl
	[[ ${lines[1]} == "limit: what env starts"* ]]
	run -0 cx --check -- env
	[ ${#lines[@]} = 1 ]
	echo '#!/usr/bin/env sh' >script
	run -0 cx --check -- ./script x
	[[ $output != *"what env starts"* ]]
}

@test "--check follows env to the program" {
	need_x86_64
	fake static
	printf '#!/usr/bin/env static\n' >script
	chmod 755 script
	PATH=$PWD:$PATH run -1 cx --check -- ./script
	[[ $output == "not covered: $PWD/static: it is linked statically"* ]]
}

@test "--check: a script with no #! line is the shell's" {
	echo 'echo hello' >script
	chmod 755 script
	run -0 cx --check -- ./script
	[[ ${lines[0]} == "covered: /bin/sh:"* ]]
	run -0 cx -- ./script
	[ "$output" = hello ]
}

@test "scripts go as deep as in the kernel, and no deeper" {
	printf '#!/bin/true\n' >s1
	for i in 2 3 4 5 6; do
		printf '#!%s/s%d\n' "$PWD" $((i - 1)) >s$i
	done
	chmod 755 s?
	run -0 cx -- ./s5
	run -0 cx --check -- ./s5
	run -126 cx -- ./s6
	run -126 cx --check -- ./s6
}

@test "scripts in a ring end" {
	printf '#!/usr/bin/env ring\n' >ring
	chmod 755 ring
	PATH=$PWD:$PATH run -126 cx --check -- ring
}

@test "--check: static, Go, foreign, strange loaders are not covered" {
	need_x86_64
	for f in static go-segment go-sections glibc32 big64; do
		fake $f
	done
	run -1 cx --check -- ./static
	[[ $output == *"linked statically"* ]]
	run -1 cx --check -- ./go-segment
	[[ $output == *"Go program"* ]]
	run -1 cx --check -- ./glibc32
	[[ $output == *"32-bit x86 code"* ]]
	run -1 cx --check -- ./big64
	[[ $output == *"64-bit"* ]]
	sed 's|/system/bin/linker64|///////////bin/true|' \
		"$corpus/other-loader" >other
	chmod 755 other
	run -1 cx --check -- ./other
	[[ $output == *"neither glibc's nor musl's"* ]]
}

@test "--check: what the file says of itself is no command to a terminal" {
	need_x86_64
	local loader
	loader=$(printf './\033[31m\302\233m---loader-')
	touch "$loader"
	LC_ALL=C sed "s|/system/bin/linker64|$loader|" "$corpus/other-loader" \
		>other
	chmod 755 other
	run -1 cx --check -- ./other
	[[ $output == *"neither glibc's nor musl's: ./?[31m"* ]]
	LC_ALL=C grep -P '[\x80-\x9f]|\x1b' <<<"$output" && false
	return 0
}

@test "not covered: one line on stderr, and it runs anyway" {
	command -v musl-gcc >/dev/null || cannot "no musl-gcc"
	printf '#include <stdio.h>\nint main(void){puts("ran");return 5;}' >p.c
	musl-gcc -static -o prog p.c
	run -5 --separate-stderr cx -- ./prog
	[ "$output" = ran ]
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *"not covered: ./prog: it is linked statically"* ]]
	run -5 --separate-stderr cx -q -- ./prog
	[ -z "$stderr" ]
}

@test "a foreign program is not covered" {
	printf 'int main(void){return 0;}' >p.c
	gcc -m32 -o prog p.c 2>/dev/null || cannot "no 32-bit compiler"
	run -1 cx --check -- ./prog
	[[ $output == *"32-bit"* ]]
}

@test "a foreign program does not get the shim" {
	need_32
	printf 'int main(void){return 0;}' >p.c
	gcc -m32 -o prog p.c
	run -0 --separate-stderr cx -- ./prog
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *"32-bit"* ]]
}

@test "set-user-ID, as root: only another user's is secure mode" {
	need_root
	cp /bin/true own && chmod 4755 own
	cp /bin/true theirs && chown 65534 theirs && chmod 4755 theirs
	run -0 cx --check -- ./own
	run -1 cx --check -- ./theirs
	[[ $output == *"set-user-ID"* ]]
}

as_nobody() {
	timeout 200 setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps=-all "$@"
}

# A place that nobody can read, for the command and the shim.
public_copies() {
	public=$(mktemp -d /tmp/cx-run-XXXXXX)
	chmod 755 "$public"
	cp "$CLONEXEC" "$public/clonexec"
	cp "$CLONEXEC_PRELOAD" "$public/shim.so"
	chmod 755 "$public"/*
	CLONEXEC=$public/clonexec CLONEXEC_PRELOAD=$public/shim.so
	cd "$public"
}

teardown() {
	cd /
	[ -z "$public" ] || rm -r "$public"
}

@test "set-user-ID, set-group-ID and capabilities, as nobody" {
	need_root
	public_copies
	cp /bin/true suid && chmod 4755 suid
	cp /bin/true sgid && chmod 2755 sgid
	cp /bin/true sgid-noexec && chmod 2745 sgid-noexec
	cp /bin/true caps && setcap cap_net_raw+ep caps
	cp /bin/true nobodys && chown 65534:65534 nobodys &&
		chmod 6755 nobodys
	for f in suid sgid caps; do
		run -1 as_nobody ./clonexec run --check -- ./$f
		[[ $output == *"secure-execution"* ]]
	done
	for f in sgid-noexec nobodys; do
		run -0 as_nobody ./clonexec run --check -- ./$f
	done
	run -0 as_nobody ./clonexec run -q -- ./suid
}

@test "no_new_privs: set-user-ID is void, capabilities still secure mode" {
	need_root
	public_copies
	cp /bin/true suid && chmod 4755 suid
	cp /bin/true caps && setcap cap_net_raw+ep caps
	run -0 as_nobody --no-new-privs ./clonexec run --check -- ./suid
	run -1 as_nobody --no-new-privs ./clonexec run --check -- ./caps
}

@test "the verdict on secure mode is the kernel's" {
	need_root
	public_copies
	cat >p.c <<-'END'
	#include <sys/auxv.h>
	int main(void) { return !!getauxval(AT_SECURE); }
	END
	gcc -o plain p.c
	for how in 'chmod 4755' 'chmod 2755' 'chmod 2745' 'chmod 6755' \
		'chown 65534' 'chown 65534:65534' 'setcap cap_net_raw+ep' \
		'setcap cap_net_raw+p' 'setcap cap_net_raw+i' \
		'setcap cap_net_raw+ei'; do
		rm -f prog
		cp plain prog
		$how prog
		case $how in chown*) chmod 6755 prog;; esac
		for nnp in '' --no-new-privs; do
			as_nobody $nnp ./prog && real=0 || real=1
			run -$real as_nobody $nnp ./clonexec run --check \
				-- ./prog
			[ -n "$nnp" ] && continue
			./prog && real=0 || real=1
			run -$real ./clonexec run --check -- ./prog
		done
	done
}

@test "a file that cannot be read: said so, and run" {
	need_root
	public_copies
	cp /bin/true secret && chmod 711 secret
	run -1 as_nobody ./clonexec run --check -- ./secret
	[[ $output == *"cannot be checked"* ]]
	run -0 --separate-stderr as_nobody ./clonexec run -- ./secret
	[[ $stderr == *"perhaps not covered"* ]]
}
