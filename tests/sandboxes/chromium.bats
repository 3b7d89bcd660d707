# SPDX-License-Identifier: MIT
# Chromium under the shim, its sandbox on: the page that a renderer makes is the
# one without the shim, and the renderer is in its sandbox.  By scripts/verify,
# for it is large.  $CLONEXEC_PRELOAD is the shim.

bats_require_minimum_version 1.5.0
load ../common

setup_file() {
	copy_shim
	cat >"$SHIM_DIR/page.html" <<-'END'
	<p id=x>before</p>
	<script>x.textContent = ['a', 'f', 't', 'e', 'r'].join('')</script>
	END
	chmod 644 "$SHIM_DIR/page.html"
}

teardown_file() {
	rm -f "$SHIM_DIR/page.html"
	remove_shim
}

setup() {
	need_root
	command -v chromium >/dev/null || cannot "chromium is not here"
	shim=$SHIM_DIR/libclonexec-preload.so
	home=$(mktemp -d /tmp/cx-chromium-XXXXXX)
	chown 65534:65534 "$home"
	pid=
}

teardown() {
	[ -z "$pid" ] || kill -- "-$pid" 2>/dev/null || true
	[ -z "$pid" ] || wait "$pid" 2>/dev/null || true
	rm -rf "$home"
}

# PRELOAD OPTION...: as an ordinary user, for root's has no sandbox.
chromium_as_nobody() {
	local preload=$1

	shift
	exec setsid timeout 300 setpriv --reuid 65534 --regid 65534 \
		--clear-groups --inh-caps=-all env -i PATH="$PATH" \
		HOME="$home" LD_PRELOAD="$preload" chromium --headless \
		--disable-gpu --disable-dev-shm-usage \
		--user-data-dir="$home/data" "$@"
}

page() {
	(chromium_as_nobody "$@" --dump-dom "file://$SHIM_DIR/page.html") \
		2>"$home/said" || { cat "$home/said"; return 1; }
}

same() {
	page '' "$@" >"$home/without"
	grep -q '<p id="x">after</p>' "$home/without"
	page "$shim" "$@" >"$home/with"
	diff "$home/without" "$home/with"
}

# Its renderer, once there is one: /proc/PID.
renderer() {
	local i p

	for ((i = 0; i < 1200; i++)); do
		for p in /proc/[0-9]*; do
			# (A fork child of the zygote has its arguments, too.)
			if [ "$(stat -c %u "$p" 2>/dev/null)" = 65534 ] &&
				tr '\0' ' ' <"$p/cmdline" 2>/dev/null |
				grep -q -- "--type=renderer.*$home"; then
				echo "$p"
				return
			fi
		done
		kill -0 "$pid" || return 1
		sleep 0.1
	done
	return 1
}

# That both are there: the shim and the sandbox.
inside() {
	local p i

	(chromium_as_nobody "$shim" "$@" --remote-debugging-port=0 \
		"file://$SHIM_DIR/page.html") >"$home/said" 2>&1 &
	pid=$!
	p=$(renderer) || { cat "$home/said"; return 1; }
	for ((i = 0; i < 600; i++)); do
		if grep -q '^Seccomp:[[:space:]]*2$' "$p/status"; then
			grep -q libclonexec-preload "$p/maps"
			return
		fi
		sleep 0.1
	done
	echo "no filter in $(tr '\0' ' ' <"$p/cmdline")"
	return 1
}

@test "the sandbox by user namespaces" {
	same
	inside
}

@test "the set-user-ID sandbox" {
	[ -u /usr/lib/chromium/chrome-sandbox ] ||
		cannot "chromium-sandbox is not here"
	same --disable-namespace-sandbox
	inside --disable-namespace-sandbox
}
