# SPDX-License-Identifier: MIT
# For all .bats files: load ../common

# It can't be tried here: skip, or fail where everything must work.
cannot() {
	if [ "${CLONEXEC_MUST_WORK:-0}" = 1 ]; then
		echo "must work here, but: $1"
		return 1
	fi
	skip "$1"
}

# This machine lacks what the test is about, as it may lack a feature of the CPU:
# always a skip.
absent() {
	skip "$1"
}

# Programs of 32 bits, beside a compiler for them.
need_32() {
	local why status=0
	why=$("$BATS_TEST_DIRNAME/../../scripts/runs-32" 2>&1) || status=$?
	case $status in
	0) ;;
	1) absent "$why" ;;
	*) cannot "no 32-bit compiler" ;;
	esac
}

# Where the kernel has the bug fixed, or that half of it, no control can lose: that
# is the verdict of a test that is about losses, neither a failure nor a pass, and
# scripts/count.py counts it.  If one half cannot be asked, the other tells.
said_of_kernel() {
	local said=$BATS_FILE_TMPDIR/kernel
	[ -s "$said" ] || "$CLONEXEC" probe --runs 0 --target setuid \
		--strategy none --json >"$said" || true
	sed -n "s/.*\"affected_$1\": \([a-z]*\).*/\1/p" "$said"
}

need_loss() {
	case $(said_of_kernel privileges),$(said_of_kernel eagain) in
	false,* | null,false) absent "fixed kernel: nothing to lose" ;;
	esac
}

need_refusal() {
	[ "$(said_of_kernel eagain)" != false ] ||
		absent "fixed kernel: nothing is refused"
}

need_root() {
	[ "$(id -u)" = 0 ] || cannot "needs root"
}

# A new directory of which nobody else can write to any part of the way, and into
# which everybody can go if root asks: from there the command takes what lies
# beside it.
make_place() {
	local base=$HOME
	[ "$(id -u)" != 0 ] || base=/var/lib
	place=$(mktemp -d "$base/clonexec-test-XXXXXX") || return
	chmod 755 "$place"
}

# A copy of $CLONEXEC_PRELOAD that every user can read, as $SHIM_DIR/NAME: a
# build directory may be under one's home.
copy_shim() {
	: "${CLONEXEC_PRELOAD:?}"
	SHIM_DIR=$(mktemp -d /tmp/clonexec-shim-XXXXXX)
	export SHIM_DIR
	chmod 755 "$SHIM_DIR"
	cp "$CLONEXEC_PRELOAD" "$SHIM_DIR/libclonexec-preload.so"
	chmod 644 "$SHIM_DIR/libclonexec-preload.so"
}

remove_shim() {
	rm -f "$SHIM_DIR/libclonexec-preload.so"
	rmdir "$SHIM_DIR"
}
