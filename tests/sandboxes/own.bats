# SPDX-License-Identifier: MIT
# Programs that put a seccomp filter on themselves, with the shim and without;
# and the same with a second thread in each process (tests/harmless/idle.c).
# $CLONEXEC_PRELOAD is the shim.

bats_require_minimum_version 1.5.0
load ../common

setup_file() {
	copy_shim
	cc -O2 -shared -fPIC -pthread -o "$SHIM_DIR/idle.so" \
		"$BATS_TEST_DIRNAME/../harmless/idle.c"
}

teardown_file() {
	rm -f "$SHIM_DIR/idle.so"
	remove_shim
}

setup() {
	shim=$SHIM_DIR/libclonexec-preload.so
	idle=$SHIM_DIR/idle.so
	fetch=$BATS_TEST_DIRNAME/../harmless/source
	unset LD_PRELOAD CLONEXEC_STRATEGY CLONEXEC_DEBUG CLONEXEC_DISABLE
	unset CLONEXEC_NO_INHERIT
	cd "$BATS_TEST_TMPDIR"
}

need() {
	for p; do
		command -v "$p" >/dev/null || cannot "$p is not here"
	done
}

# PRELOADS COMMAND...
side() {
	local status=0 preloads=$1

	shift
	timeout 120 env PRELOADS="$preloads" "$@" </dev/null >said 2>&1 ||
		status=$?
	cat said
	echo "exit $status"
}

# COMMAND...: a script that preloads $PRELOADS.  It has to install a filter.
same() {
	strace -f -qq -e trace=prctl,seccomp -o trace env PRELOADS= "$@" \
		</dev/null >/dev/null 2>&1
	grep -Eq 'SECCOMP_SET_MODE_FILTER, .*len=|SECCOMP_MODE_FILTER, .*len=' \
		trace || { echo "no filter: $*"; return 1; }
	compare '' "$shim" "$@"
	compare "$idle" "$idle:$shim" "$@"
}

compare() {
	local without=$1 with=$2

	shift 2
	side "$without" "$@" >without
	side "$with" "$@" >with
	grep -q '^exit 0$' without ||
		{ echo "does not work with '$without'"; cat without; return 1; }
	diff without with || { echo "differs with '$with'"; return 1; }
}

# (Debian builds file without its filter; tests/harmless has it.)
@test "qemu -sandbox on, which may start nothing" {
	need qemu-system-x86_64 strace
	sandbox=on,obsolete=deny,elevateprivileges=deny,spawn=deny
	same env sandbox="$sandbox" sh -c 'echo quit |
		LD_PRELOAD=$PRELOADS qemu-system-x86_64 -sandbox "$sandbox" \
		-machine none -nodefaults -display none -monitor stdio'
}

# It execs its filters under its filters.
@test "man" {
	need man groff gzip strace
	cat >page.1 <<-'END'
	.TH PAGE 1
	.SH NAME
	page \- a page with a table
	.TS
	l l.
	a	b
	.TE
	END
	gzip -k page.1
	# (The page of a page that is not there is a failing exec or two.)
	same sh -c 'LD_PRELOAD=$PRELOADS exec man -P cat -l page.1.gz page.1'
	grep -q 'a page with a table' with
}

# What it takes to run sshd here: itself, its user and its directory.  Nothing
# is installed or listens: sshd talks to ssh over a pipe.
ready_sshd() {
	local directory

	need_root
	need ssh ssh-keygen unshare strace
	libraries=
	sshd=$(PATH=$PATH:/usr/sbin command -v sshd) || {
		directory=$("$fetch" binary openssh-server) &&
			libraries=$("$fetch" binary libwrap0) ||
			absent "openssh-server is neither here nor fetched"
		sshd=$directory/usr/sbin/sshd
		libraries=$(dirname "$(find "$libraries" -name libwrap.so.0)")
	}
	ssh-keygen -q -t ed25519 -N '' -f host
	ssh-keygen -q -t ed25519 -N '' -f key
	cat >config <<-END
	HostKey $PWD/host
	AuthorizedKeysFile $PWD/key.pub
	PermitRootLogin yes
	StrictModes no
	UsePAM no
	PidFile none
	LogLevel ERROR
	END
	cat >log-in <<-'END'
	set -e
	mount -t tmpfs none /run
	mkdir /run/sshd
	(cat /etc/passwd; echo sshd:x:65534:65534::/run/sshd:/bin/false) >/run/p
	mount --bind /run/p /etc/passwd
	exec ssh -F none -i key -o BatchMode=yes -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
		-o ProxyCommand="env LD_LIBRARY_PATH=$LIBRARIES \
		LD_PRELOAD=$PRELOADS $SSHD -i -e -f $PWD/config" \
		root@nowhere 'echo one; ls /bin/sh | cat; exec echo last'
	END
}

@test "sshd, its pre-authentication filter" {
	ready_sshd
	same env SSHD="$sshd" LIBRARIES="$libraries" unshare -m sh -e log-in
	grep -q '^last$' with
}
