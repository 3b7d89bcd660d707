#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What bash offers for a command line: its words, the last one unfinished.
#
# Usage: tests/completions/bash.sh FILE WORD...	a word a line on stdout
# (Called as readline does, which has split --option=value in three.)
# shellcheck disable=SC1090
source "$1"
shift
# Outside of readline there is none.
compopt() { :; }
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_LINE=$*
COMP_POINT=${#COMP_LINE}
_clonexec clonexec "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
[ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}"
