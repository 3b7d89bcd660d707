#!/usr/bin/env zsh
# SPDX-License-Identifier: MIT
# What zsh offers for a command line that ends where Tab is pressed.  Its
# completion works in its line editor only: so that one runs, on a terminal of
# its own, and compadd is made to tell what it was given.
#
# Usage: tests/completions/zsh.zsh DIRECTORY LINE	a word a line on stdout
zmodload zsh/zpty || exit 1
work=$(mktemp -d) || exit 1
export ZDOTDIR=$work OFFERED=$work/offered DIRECTORY=$1
: >$OFFERED
cat >$work/.zshrc <<'END'
PROMPT= fpath=($DIRECTORY $fpath)
autoload -Uz compinit
compinit -D -u
compadd() {
	local -a hits
	# These are calls that only compute.
	if [[ " ${(j. .)@[1,(i)(-|--)]}" != *\ -(O|A|D)\ * ]]; then
		builtin compadd -A hits "$@"
		print -rl -- $hits >>$OFFERED
	fi
	builtin compadd "$@"
}
bindkey '^I' complete-word
told() { print TOLD }
comppostfuncs=(told)
print READY
END
{
	zpty shell zsh -d -i
	zpty -r shell started '*READY*'
	zpty -w -n shell "$2"$'\t'
	zpty -r shell told '*TOLD*'
	zpty -d shell
	grep -v '^$' $OFFERED
} always {
	# (A trap would be run by the child of zpty as well.)
	rm -rf $work
}
exit 0
