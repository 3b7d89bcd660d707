#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Python's wheel carries the library: the binding's own tests, the frozen race
# among them, with no library anywhere else.
# $FREEZER, $TARGET: those of tests/examples.

load ../common
bats_require_minimum_version 1.5.0

setup_file() {
	: "${FREEZER:?}" "${TARGET:?}"
	unset LD_PRELOAD LD_LIBRARY_PATH CLONEXEC_LIBRARY
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	work=$(mktemp -d /tmp/cx-wheel-XXXXXX)
	chmod 755 "$work"
	# (Debian's: others may be first in the path, and lack the package.)
	for python in /usr/bin/python3 python3; do
		! "$python" -c 'import setuptools, wheel' 2>/dev/null || break
	done
	export top work python
	cp -r "$top/bindings/python" "$work/package"
	"$top/scripts/amalgamate" "$work/package/bundled"
}

teardown_file() {
	[ -z "${work-}" ] || rm -rf "$work"
}

@test "it is built without the network, and names its platform" {
	"$python" -c 'import setuptools, wheel' 2>/dev/null ||
		cannot "needs Python's setuptools and wheel"
	cd "$work/package"
	"$python" setup.py -q bdist_wheel >"$work/log" 2>&1 ||
		{ cat "$work/log"; false; }
	[[ $(echo dist/*) == dist/clonexec-*-py3-none-linux_*.whl ]]
	"$python" -m zipfile -e dist/*.whl "$work/site"
	rm -r clonexec
	cp -r "$work/site/clonexec" .
	[ -s "$work/site/clonexec/libclonexec.so.0" ]
}

@test "the binding's tests pass on it" {
	[ -d "$work/site" ] || cannot "needs the wheel"
	chmod -R a+rX "$work"
	cd "$work/package"
	run env PYTHONDONTWRITEBYTECODE=1 "$python" -B -m unittest discover -v -s tests
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"Frozen.test_privileges) ... ok"* && $output == *OK* ]]
}

@test "its version is the project's" {
	[ -d "$work/site" ] || cannot "needs the wheel"
	cd /
	PYTHONPATH=$work/site run "$python" -c \
		'import clonexec; print(clonexec.__version__, clonexec._find_library())'
	[ "$output" = "$(sed -n "s/.*version: '\([0-9.]*\)'.*/\1/p" \
		"$top/meson.build" | head -n 1) \
$work/site/clonexec/libclonexec.so.0" ]
}
