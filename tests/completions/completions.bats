#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Each shell is asked what it offers: just what --help has, so that the two
# cannot part, and the commands that are to be run.
# $CLONEXEC: the command.

load ../common
bats_require_minimum_version 1.5.0

setup() {
	: "${CLONEXEC:?}"
	here=$BATS_TEST_DIRNAME
	files=$(cd "$here/../../completions" && pwd)
	cd "$BATS_TEST_TMPDIR"
	mkdir bin home
	# What there is to be started, and to be read.
	printf '#!/bin/sh\n' >bin/cx-first
	cp bin/cx-first bin/cx-second
	chmod 755 bin/cx-*
	: >cx-page.html
	PATH=$PWD/bin:$PATH
}

need() {
	command -v "$1" >/dev/null || cannot "needs $1"
}

# LINE: what the shell offers where it ends, sorted, in one line.
offers() {
	"offers_$1" "$2" | sort -u | paste -sd ' '
}

# readline makes a word of each =, too.
offers_bash() {
	local words

	read -ra words <<<"${1//=/ = }"
	[[ $1 != *[\ =] ]] || words+=('')
	timeout 20 bash "$here/bash.sh" "$files/clonexec.bash" "${words[@]}"
}

offers_zsh() {
	timeout 60 zsh -f "$here/zsh.zsh" "$files" "$1"
}

# (It reads what others have installed for it, and makes a home for itself.)
offers_fish() {
	HOME=$PWD/home timeout 20 fish -c 'source $argv[1]
		complete -C $argv[2]' "$files/clonexec.fish" "$1" | cut -f1
}

# What --help has, likewise.
options() {
	"$CLONEXEC" "$1" --help | tr -s "[:blank:],[]='" '[\n*]' |
		grep -xE -e '--?[a-z][a-z-]*' | sort -u | paste -sd ' '
}

commands() {
	"$CLONEXEC" help | sed -n 's/^  \([a-z]*\) .*/\1/p' | sort |
		paste -sd ' '
}

same() {
	[ "$1" = "$2" ] || {
		echo "offered: $1"
		echo "wanted:  $2"
		return 1
	}
}

drift() {
	local command known

	same "$(offers "$1" 'clonexec ')" "$(commands)"
	same "$(offers "$1" 'clonexec help w')" watch
	for command in run probe watch guard; do
		"$CLONEXEC" $command --help >help || continue
		known=$(options $command)
		[ "$(wc -w <<<"$known")" -ge 6 ]
		same "$(offers "$1" "clonexec $command -")" "$known"
	done
}

# What is behind an option; and after the dashes, another command's.
values() {
	same "$(offers "$1" 'clonexec run --strategy ')" \
		'auto helper lock unshare'
	same "$(offers "$1" 'clonexec run --strategy h')" helper
	same "$(offers "$1" 'clonexec watch --hooks ')" 'raw_tp tp_btf'
	same "$(offers "$1" 'clonexec run -- cx-fir')" cx-first
	same "$(offers "$1" 'clonexec guard ')" 'run start status stop'
	same "$(offers "$1" 'clonexec guard start --mode ')" \
		'count deny restart'
	same "$(offers "$1" 'clonexec guard run -- cx-s')" cx-second
	same "$(offers "$1" 'clonexec run --debug -- cx-')" 'cx-first cx-second'
	same "$(offers "$1" 'clonexec watch --json --exec -- cx-s')" cx-second
	same "$(offers "$1" 'clonexec run -- cat cx-')" cx-page.html
	same "$(offers "$1" 'clonexec run cx-fir')" cx-first
	same "$(offers "$1" 'clonexec run --strategy lock cx-s')" cx-second
	same "$(offers "$1" 'clonexec run --check cat cx-')" cx-page.html
	same "$(offers "$1" 'clonexec probe --html cx-')" cx-page.html
	same "$(offers "$1" 'clonexec watch -o cx-')" cx-page.html
	same "$(offers "$1" 'clonexec watch --output cx-')" cx-page.html
	same "$(offers "$1" 'clonexec nosuch -')" ''
	same "$(offers "$1" 'clonexec probe -- ')" ''
}

# COMMAND OPTION: the values in --help, without the words around them.
named() {
	"$CLONEXEC" "$1" --help |
		sed -n "/^  $2 /{:a;/(default/!{N;ba};s/(default.*//;p}" |
		tr -cs a-z '[\n*]' | sort -u |
		grep -vxE 'strategy|target|of|or|these|as|root|plain|execve|' |
		paste -sd ' '
}

@test "the targets and strategies are those of --help" {
	for shell in bash zsh fish; do
		command -v $shell >/dev/null || continue
		for option in 'run --strategy' 'probe --strategy' \
			'probe --target'; do
			# shellcheck disable=SC2086
			same "$(offers $shell "clonexec $option ")" \
				"$(named $option)"
		done
	done
}

@test "bash: subcommands and options are those of --help" {
	drift bash
}

@test "bash: values and programs" {
	values bash
	same "$(offers bash 'clonexec run --strategy=h')" helper
	same "$(offers bash 'clonexec probe --target setuid,fi')" \
		setuid,filecaps
	same "$(offers bash 'clonexec probe --timeline=cx-')" cx-page.html
}

@test "bash: with bash-completion the program's own completion is used" {
	cat >package.bash <<-END
	_command_offset() { COMPREPLY=("offset \$1"); }
	. '$files/clonexec.bash'
	END
	same "$(timeout 20 bash "$here/bash.sh" package.bash \
		clonexec run --debug -- git st)" 'offset 4'
}

@test "zsh: subcommands and options are those of --help" {
	need zsh
	zsh -n "$files/_clonexec"
	drift zsh
}

@test "zsh: values and programs" {
	need zsh
	values zsh
	same "$(offers zsh 'clonexec run --strategy=h')" helper
	same "$(offers zsh 'clonexec probe --target setuid,fi')" filecaps
	same "$(offers zsh 'clonexec probe --timeline=cx-')" cx-page.html
}

@test "fish: subcommands and options are those of --help" {
	need fish
	fish --no-execute "$files/clonexec.fish"
	drift fish
}

@test "fish: values and programs" {
	need fish
	values fish
	same "$(offers fish 'clonexec run --strategy=h')" --strategy=helper
	same "$(offers fish 'clonexec probe --target setuid,fi')" \
		setuid,filecaps
	same "$(offers fish 'clonexec probe --timeline=cx-')" \
		--timeline=cx-page.html
}
