#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Where `make` can't do what it is asked: one line that says what to type, and
# nothing left behind.

load ../common
bats_require_minimum_version 1.5.0

setup() {
	make_place
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	# Of the make that runs this.
	unset MAKEFLAGS MAKELEVEL MESON BUILD PREFIX DESTDIR
	mkdir "$place/tree" "$place/bin"
	cp -r "$top/Makefile" "$top/scripts" "$top/meson.build" "$place/tree"
}

teardown() {
	rm -rf "$place"
}

# A program of this name that says and returns this.
fake() {
	printf '#!/bin/sh\necho "%s"\nexit %s\n' "$2" "$3" >"$place/bin/$1"
	chmod 755 "$place/bin/$1"
}

# The last run said one line, except for what make itself adds.
says() {
	[ "$status" -ne 0 ]
	diff <(grep -v '^make.*Error\|Entering\|Leaving' <<<"$output") - <<<"$1"
	[ ! -e "$place/tree/build" ]
}

@test "a tree that can't be written" {
	if [ "$(id -u)" = 0 ]; then
		chmod 755 "$place"
		as='setpriv --reuid 4711 --regid 4711 --clear-groups'
	else
		chmod 555 "$place/tree"
	fi
	run ${as-} make -C "$place/tree" -s
	says "make: cannot write build; type: make BUILD=DIRECTORY"
}

@test "a build directory that can't be" {
	run make -C "$place/tree" -s BUILD=/dev/null/build
	says "make: cannot write /dev/null/build; type: make BUILD=DIRECTORY"
}

@test "meson is too old" {
	fake meson 0.56.2 0
	PATH=$place/bin:$PATH run make -C "$place/tree" -s
	says "make: meson 0.56.2 is too old, 0.60 is wanted; type: \
python3 -m pip install --user 'meson>=0.60'"
}

@test "tests where the path has a blank" {
	mv "$place/tree" "$place/a tree"
	ln -s "a tree" "$place/tree"
	mkdir "$place/a tree/made"
	touch "$place/a tree/made/build.ninja"
	run make -C "$place/a tree" -s BUILD=made with-tests
	says "make: tests can't run where a path has a blank; type: git clone . \
/tmp/clonexec && make -C /tmp/clonexec check"
}

# What apt-get says then is many lines; of these, the errors.
@test "what is missing can't be installed" {
	for tool in cat cut grep id mktemp rm sh sort tr uname; do
		ln -s "$(command -v $tool)" "$place/bin/$tool"
	done
	fake apt-get "Ign: a mirror
E: Unable to locate package meson" 100
	fake id 0 0
	PATH=$place/bin run "$place/tree/scripts/deps" build
	[ "$status" = 1 ]
	[[ ${lines[-1]} == 'scripts/deps: could not install (is there a network?);'\
' type: apt-get update -q && apt-get install '*' meson '* ]]
	[ "${#lines[@]}" = 3 ]
	[ "${lines[1]}" = "E: Unable to locate package meson" ]
}

@test "what is missing, and not root" {
	for tool in cat cut grep sh sort tr uname; do
		ln -s "$(command -v $tool)" "$place/bin/$tool"
	done
	fake apt-get "not asked" 1
	fake id 1000 0
	PATH=$place/bin run "$place/tree/scripts/deps" build
	[ "$status" = 1 ]
	[ "${#lines[@]}" = 1 ]
	[[ $output == 'scripts/deps: missing; as root: apt-get install '*meson* ]]
}

# MANAGER FIRST_WORD...: with this package manager only, these are asked for, and
# nothing by an empty name.
asks_for() {
	local manager=$1 word
	shift
	for tool in cat cut grep id mktemp rm sh sort tr true uname; do
		ln -s "$(command -v $tool)" "$place/bin/$tool"
	done
	printf '#!/bin/sh\nprintf "<%%s>\\n" "$@" >"%s"\n' "$place/asked" \
		>"$place/bin/$manager"
	chmod 755 "$place/bin/$manager"
	rm "$place/bin/id"
	fake id 0 0
	PATH=$place/bin run -0 "$place/tree/scripts/deps" verify
	cat "$place/asked"
	for word; do
		grep -qxF "<$word>" "$place/asked"
	done
	run ! grep -xE '<[+-]?>' "$place/asked"
}

@test "dnf is asked for files and modules, whatever the package is called" {
	asks_for dnf install -y /usr/bin/ninja /usr/bin/newuidmap \
		/usr/include/zlib.h perl-threads
}

@test "apk is asked for commands" {
	asks_for apk add cmd:ninja cmd:newuidmap zlib-dev
}

@test "pacman, by name" {
	asks_for pacman -Sy ninja util-linux
}
