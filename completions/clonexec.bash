# SPDX-License-Identifier: MIT
# bash completion for clonexec; with or without the package bash-completion,
# which loads it when it is wanted.

_clonexec_words() {
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

# The last one of a list with commas.
_clonexec_list() {
	local before=''

	[[ $cur != *,* ]] || before=${cur%,*},
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur##*,}")
	compopt -o nospace
}

_clonexec_files() {
	mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	compopt -o filenames
}

# OFFSET: where a command of its own begins, to be completed as such.
_clonexec_program() {
	local function

	for function in _comp_command_offset _command_offset; do
		if declare -F $function >/dev/null; then
			$function "$1"
			return
		fi
	done
	if ((COMP_CWORD > $1)) || [[ $cur == */* ]]; then
		_clonexec_files
	else
		mapfile -t COMPREPLY < <(compgen -c -- "$cur" | sort -u)
	fi
}

# Completes the value of $option; false if that has none of its own.
_clonexec_value() {
	local strategies='auto unshare helper lock'

	case $1$option in
	run--strategy) _clonexec_words "$strategies" ;;
	probe--strategy) _clonexec_list "none $strategies all" ;;
	probe--target) _clonexec_list 'setuid setgid filecaps userns all' ;;
	probe--html | watch--output | watch-o | watch--metrics | guard--cgroup)
		_clonexec_files
		;;
	watch--pid)
		_clonexec_words "$(cd /proc && printf '%s ' [0-9]*)"
		;;
	watch--hooks) _clonexec_words 'tp_btf raw_tp' ;;
	guard--mode) _clonexec_words 'restart deny count' ;;
	# No word of ours helps with a number, or a name.
	probe--runs | probe--until-ci | probe--seconds) ;;
	watch--comm | watch--duration | watch--count) ;;
	watch--limit | watch--buffer | guard--bound) ;;
	# Only after =.
	run--debug | probe--timeline) [[ $equals ]] && _clonexec_files ;;
	*) return 1 ;;
	esac
}

_clonexec_options() {
	case $1 in
	run)
		_clonexec_words '--check --audit --strategy --no-inherit --debug
			-q --quiet -h --help'
		;;
	probe)
		_clonexec_words '--target --strategy --runs --until-ci
			--seconds --json --timeline --html -q --quiet
			-v --verbose -h --help'
		;;
	watch)
		_clonexec_words '--exec --pid --comm --eagain --duration
			--count --json --journal --metrics -o --output --limit --buffer --hooks
			-v --verbose -q --quiet -h --help'
		;;
	doctor) _clonexec_words '--all --json -h --help' ;;
	guard)
		_clonexec_words '--mode --strict --bound --cgroup --replace --json
			-v --verbose -q --quiet -h --help'
		;;
	esac
}

_clonexec() {
	local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]-}
	local option=${COMP_WORDS[COMP_CWORD - 1]} equals='' i

	COMPREPLY=()
	if ((COMP_CWORD == 1)) || { ((COMP_CWORD == 2)) &&
		[[ $command == help ]]; }; then
		_clonexec_words 'run probe watch doctor guard help version'
		return
	fi
	for ((i = 2; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} == -- ]]; then
			[[ $command == probe ]] || _clonexec_program $((i + 1))
			return
		fi
		# run's first word that is no option, nor the value of one.
		if [[ $command == run && ${COMP_WORDS[i]} != [-=]* &&
			${COMP_WORDS[i - 1]} != @(--strategy|=) ]]; then
			_clonexec_program $i
			return
		fi
	done
	# bash splits --option=value in three.
	if [[ $cur == = ]]; then
		cur='' equals=1
	elif [[ $option == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]} equals=1
	fi
	_clonexec_value "$command" && return
	if [[ $command == guard && $COMP_CWORD == 2 && $cur != -* ]]; then
		_clonexec_words 'start stop status run'
	elif [[ $command == run && $cur != -* ]]; then
		_clonexec_program "$COMP_CWORD"
	else
		_clonexec_options "$command"
	fi
}

complete -F _clonexec clonexec
