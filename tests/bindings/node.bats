#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Node's addon, built as npm would build it: its own tests, the frozen race with
# worker threads among them.
# $FREEZER, $TARGET: those of tests/examples.

load ../common
bats_require_minimum_version 1.5.0

setup_file() {
	: "${FREEZER:?}" "${TARGET:?}"
	unset LD_PRELOAD LD_LIBRARY_PATH
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	work=$(mktemp -d /tmp/cx-node-addon-XXXXXX)
	chmod 755 "$work"
	export top work package=$work/node_modules/clonexec
	mkdir "$work/node_modules"
	cp -r "$top/bindings/node" "$package"
	"$top/scripts/amalgamate" "$package/bundled"
}

teardown_file() {
	[ -z "${work-}" ] || rm -rf "$work"
}

@test "it is built by one command, without the network and without a warning" {
	command -v node >/dev/null || cannot "needs node"
	cd "$package"
	CC='env cc -Wall -Wextra -Wno-unused-parameter -Werror' node build.js
	chmod -R a+rX "$work"
}

@test "no header, no build, and it says what to install" {
	command -v node >/dev/null || cannot "needs node"
	need_root
	cd "$package"
	run -1 unshare -m sh -c 'mount -t tmpfs none /usr/include &&
		CC=true node build.js'
	[[ $output == *"there is no node_api.h: install libnode-dev"* ]]
}

@test "the binding's own tests pass on it" {
	[ -e "$package/clonexec.node" ] || cannot "needs the addon"
	cd "$package"
	run node --test test/exec.test.js
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(id -u)" != 0 ] || [[ $output != *"# skipped 1"* ]]
}

@test "what npm would pack is what it is built of" {
	[ -e "$package/clonexec.node" ] || cannot "needs the addon"
	command -v npm >/dev/null || absent "there is no npm"
	cd "$package"
	sed -i '/"prepack"/d' package.json
	run -0 npm pack --dry-run --json --offline --ignore-scripts
	for name in addon.c build.js bundled/clonexec.c bundled/clonexec.h \
		index.js index.d.ts README.md package.json; do
		[[ $output == *"\"$name\""* ]]
	done
}
