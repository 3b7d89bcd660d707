#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# From where the command takes the shim and clonexec-watch: not from where a
# stranger could have put them.  CLONEXEC and CLONEXEC_PRELOAD are paths.

load ../common
bats_require_minimum_version 1.5.0

setup() {
	: "${CLONEXEC:?}" "${CLONEXEC_PRELOAD:?}"
	make_place
	SHIM=$CLONEXEC_PRELOAD
	unset CLONEXEC_PRELOAD LD_PRELOAD
	STRANGER=1000
}

teardown() {
	rm -r "$place" ${public:+"$public"}
}

# An installed tree, with a watcher that leaves a mark when it is run.
tree() {
	mkdir -p "$1/bin" "$1/lib" "$1/libexec/clonexec"
	install -m 0755 "$CLONEXEC" "$1/bin"
	install -m 0644 "$SHIM" "$1/lib/libclonexec-preload.so"
	watcher "$1/libexec/clonexec/clonexec-watch"
}

watcher() {
	printf '#!/bin/sh\necho a watcher was run\n' >"$1"
	chmod 755 "$1"
}

# The tree's watcher and shim are taken.
taken() {
	run -0 timeout 200 "$1/bin/clonexec" watch
	[ "$output" = "a watcher was run" ]
	run -0 timeout 200 "$1/bin/clonexec" run -- printenv LD_PRELOAD
	[ "$output" = "$(realpath "$1/lib/libclonexec-preload.so")" ]
}

# One line says that they are not, and names what is wrong: $2.
refused() {
	run -125 --separate-stderr timeout 200 "$1/bin/clonexec" watch
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == "clonexec: watch: "*"not trusted: "*$2* ]]
	# (One may be installed on this machine, and is as good.)
	run --separate-stderr timeout 200 "$1/bin/clonexec" run -- \
		printenv LD_PRELOAD
	[[ $output != *"$1"* ]]
	[ "$status" = 0 ] || [[ $stderr == *"not trusted: "*$2* ]]
}

@test "a tree where nobody else can write: taken" {
	tree "$place/t"
	taken "$place/t"
	mv "$place/t" "$place/moved"
	taken "$place/moved"
}

@test "who else could write to any part of the way: refused" {
	tree "$place/t"
	for part in "" /bin /lib/libclonexec-preload.so \
		/libexec/clonexec/clonexec-watch; do
		chmod o+w "$place/t$part"
		case $part in
		/lib/*) run -125 timeout 200 "$place/t/bin/clonexec" run -- true
			[[ $output == *"everybody can write to $place/t$part" ]] ;;
		/libexec/*) run -125 timeout 200 "$place/t/bin/clonexec" watch
			[[ $output == *"everybody can write to $place/t$part" ]] ;;
		*) refused "$place/t" "everybody can write to $place/t$part" ;;
		esac
		chmod o-w "$place/t$part"
		taken "$place/t"
	done
}

# Nobody could exchange what is there; but what is missing he could make.
@test "a sticky directory is one where others can write" {
	tree "$place/t"
	chmod 1777 "$place/t"
	refused "$place/t" "everybody can write to $place/t"
	chmod 755 "$place/t"
	public=$(mktemp -d /tmp/cx-beside-XXXXXX)
	tree "$public"
	refused "$public" "everybody can write to /tmp"
}

@test "a stranger's directory, file or link: refused" {
	need_root
	tree "$place/t"
	for part in "" /libexec /libexec/clonexec/clonexec-watch; do
		chown $STRANGER "$place/t$part"
		run -125 timeout 200 "$place/t/bin/clonexec" watch
		[[ $output == *"$place/t$part belongs to user $STRANGER" ]]
		chown 0 "$place/t$part"
		taken "$place/t"
	done
	mv "$place/t/libexec" "$place/t/elsewhere"
	ln -s elsewhere "$place/t/libexec"
	taken "$place/t"
	chown -h $STRANGER "$place/t/libexec"
	run -125 timeout 200 "$place/t/bin/clonexec" watch
	[[ $output == *"$place/t/libexec belongs to user $STRANGER" ]]
}

@test "a link to where others can write: refused" {
	tree "$place/t"
	public=$(mktemp -d /tmp/cx-beside-XXXXXX)
	watcher "$public/clonexec-watch"
	ln -sf "$public/clonexec-watch" "$place/t/libexec/clonexec"
	run -125 timeout 200 "$place/t/bin/clonexec" watch
	[[ $output == *"everybody can write to /tmp" ]]
}

# What the command's own directory is open to is open to all of it.
@test "a group that can exchange the command is trusted, no other is" {
	need_root
	tree "$place/t"
	chgrp $STRANGER "$place/t/bin" "$place/t/lib" "$place/t/libexec"
	chmod g+w "$place/t/lib" "$place/t/libexec"
	refused "$place/t" "is writable by group $STRANGER"
	chmod g+w "$place/t/bin"
	taken "$place/t"
	chgrp 2 "$place/t/bin"
	refused "$place/t" "is writable by group"
}

@test "root runs an ordinary user's tree: that is his own affair" {
	need_root
	tree "$place/t"
	chown -R $STRANGER "$place/t"
	taken "$place/t"
}

# That is how a copy in /tmp ran a stranger's /tmp/watch/clonexec-watch.
@test "around a copy nothing is a build tree" {
	mkdir -p "$place/src/cli" "$place/src/watch" "$place/src/preload"
	install -m 0755 "$CLONEXEC" "$place/src/cli"
	install -m 0644 "$SHIM" "$place/src/preload/libclonexec-preload.so"
	watcher "$place/src/watch/clonexec-watch"
	run -125 timeout 200 "$place/src/cli/clonexec" watch
	[[ $output == *"there is no clonexec-watch beside this command"* ]]
	run timeout 200 "$place/src/cli/clonexec" run -- printenv LD_PRELOAD
	[[ $output != "$place"* ]]
}

@test "in the build tree its own are taken, also in /tmp" {
	run -0 timeout 200 "$CLONEXEC" run -- printenv LD_PRELOAD
	[ "$output" = "$(realpath "$SHIM")" ]
}

@test "CLONEXEC_PRELOAD may be anywhere" {
	public=$(mktemp -d /tmp/cx-beside-XXXXXX)
	cp "$SHIM" "$public/shim.so"
	chmod 777 "$public"
	CLONEXEC_PRELOAD=$public/shim.so run -0 timeout 200 "$CLONEXEC" run -- \
		printenv LD_PRELOAD
	[ "$output" = "$public/shim.so" ]
}

# In a user namespace most owners have no name, root among them.
@test "in a user namespace" {
	unshare -Ur true 2>/dev/null || cannot "no user namespaces"
	tree "$place/t"
	run -0 unshare -Ur timeout 200 "$place/t/bin/clonexec" watch
	[ "$output" = "a watcher was run" ]
	chmod o+w "$place/t"
	run -125 unshare -Ur timeout 200 "$place/t/bin/clonexec" watch
	[[ $output == *"everybody can write to $place/t" ]]
}
