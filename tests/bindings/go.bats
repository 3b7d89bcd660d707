#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Go's module with the C library in it: a program takes it by `go get`, from a
# proxy that is a directory, and is built with no library anywhere else.
# $FREEZER, $TARGET: those of tests/examples.  $GOCACHE: Go's.

load ../common
bats_require_minimum_version 1.5.0

setup_file() {
	: "${FREEZER:?}" "${TARGET:?}" "${GOCACHE:?}"
	unset LD_PRELOAD LD_LIBRARY_PATH PKG_CONFIG_PATH
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	work=$(mktemp -d /tmp/cx-go-module-XXXXXX)
	chmod 755 "$work"
	export top work sudo=$work/bin/sudo
	# (Go's own directories cannot be removed otherwise.)
	export GOPATH=$work/path GOFLAGS='-mod=mod -modcacherw'
	export GOPROXY=off GONOSUMDB=example.org GOTOOLCHAIN=local
	export CGO_ENABLED=1 PKG_CONFIG=false
	"$top/scripts/go-module" "$work/go"
	cp "$FREEZER" "$work/freezer.so"
	mkdir "$work/bin" "$work/program"
	cp "$TARGET" "$sudo"
	[ "$(id -u)" != 0 ] || chmod 4755 "$sudo"
	cp "$top/tests/dist/consumers/consumer.go" "$work/program/main.go"
	printf '%s\n' 'module program' 'go 1.19' >"$work/program/go.mod"
}

setup() {
	cd "$work/program"
}

teardown_file() {
	[ -z "${work-}" ] || rm -rf "$work"
}

# Go's own exec loses, ours keeps.
worth() {
	run ! grep libclonexec <<<"$(ldd "$1")"
	need_root
	chmod -R a+rX "$work/program"
	run timeout 20 env LD_PRELOAD="$work/freezer.so" "$1" "$sudo" plain
	[ "$status" != 77 ] || cannot "cannot freeze the race here: $output"
	[[ $output == "65534 65534 65534 "* ]]
	run timeout 20 env LD_PRELOAD="$work/freezer.so" "$1" "$sudo"
	[[ $output == "65534 0 0 "* ]]
}

@test "go get takes it, of the project's version" {
	GOPROXY=file://$work/go/proxy go get example.org/clonexec
	version=$(sed -n "s/.*version: '\([0-9.]*\)'.*/\1/p" \
		"$top/meson.build" | head -n 1)
	grep -q "example.org/clonexec v$version" go.mod
}

@test "the program is built with nothing else, and keeps privileges" {
	go build -o program .
	worth ./program
}

@test "so it is of a vendor directory" {
	go mod vendor
	[ -s vendor/example.org/clonexec/clonexec.c ]
	go build -mod=vendor -o vendored .
	worth ./vendored
}

@test "the module's own tests pass" {
	cd "$work/go/clonexec"
	go test -count=1 .
}

@test "twice made, it is the same" {
	"$top/scripts/go-module" "$work/again"
	diff -r "$work/go" "$work/again"
}
