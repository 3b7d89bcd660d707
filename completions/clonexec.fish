# SPDX-License-Identifier: MIT
# fish completion for clonexec.

# Where the program is: behind two dashes, or run's first word that is no option
# nor the value of one.  False if the cursor is before it.
function __clonexec_program_at
	set -l words (commandline -cop) (commandline -ct)
	set -l i 3
	while test $i -le (count $words)
		switch "$words[$i]"
			case --
				test $i -lt (count $words); or return
				echo (math $i + 1)
				return
			case --strategy
				test "$words[2]" = run; and set i (math $i + 1)
			case '-*'
			case '*'
				if test "$words[2]" = run
					echo $i
					return
				end
		end
		set i (math $i + 1)
	end
	return 1
end

# True before that, in one of these commands.
function __clonexec_in
	set -l words (commandline -cop)
	contains -- "$words[2]" $argv; and not __clonexec_program_at >/dev/null
end

function __clonexec_first
	set -l words (commandline -cop)
	test (count $words) = 1
	or test (count $words) = 2 -a "$words[2]" = help
end

function __clonexec_has_program
	set -l words (commandline -cop)
	contains -- "$words[2]" run watch guard; and __clonexec_program_at >/dev/null
end

# What begins with it is a command line of its own.
function __clonexec_program
	set -l words (commandline -cop)
	set -e words[1..(math (__clonexec_program_at) - 1)]
	set -l line (string escape -- $words) (commandline -ct)
	complete -C "$line"
end

# One more word for a list with commas.
function __clonexec_list
	set -l before (string match -r '.*,' -- (commandline -ct |
		string replace -r '^--?[a-z-]+=' ''))
	printf '%s\n' "$before"$argv
end

complete -c clonexec -f
complete -c clonexec -n __clonexec_has_program -a '(__clonexec_program)'

set -l first complete -c clonexec -n __clonexec_first
$first -a run -d 'run a program, protected, without changing it'
$first -a probe -d 'show what this machine does to privileges'
$first -a watch -d 'report execs on this machine that lose privileges'
$first -a doctor -d 'tell who could lose on this machine, and what to do'
$first -a guard -d 'mend the race for every program, by BPF LSM'
$first -a help -d 'the list of commands, or the help of one'
$first -a version -d 'the version'

complete -c clonexec -n '__clonexec_in run probe watch doctor guard' \
	-s h -l help -d 'what the options are'

set -l run complete -c clonexec -n '__clonexec_in run'
$run -l check -d 'only say whether the program can be covered'
$run -l strategy -x -a 'auto unshare helper lock' -d 'the way to exec'
$run -l no-inherit -d 'leave the programs that it execs alone'
$run -l audit -d 'also execs that bind past a preload'
$run -l debug -F -d 'one line on stderr, or in a file, for every exec'
$run -s q -l quiet -d 'do not warn if it cannot be covered'

set -l probe complete -c clonexec -n '__clonexec_in probe'
$probe -l target -x -d 'what is started' \
	-a '(__clonexec_list setuid setgid filecaps userns all)'
$probe -l strategy -x -d 'the ways to exec' \
	-a '(__clonexec_list none auto unshare helper lock all)'
$probe -l runs -x -d 'of each target under each strategy'
$probe -l until-ci -x -d 'go on until the intervals are narrower'
$probe -l seconds -x -d 'for everything'
$probe -l json -d 'the result as one JSON object'
$probe -l timeline -F -d 'draw one race'
$probe -l html -r -F -d 'the result as one page'
$probe -s q -l quiet -d 'the verdict only'
$probe -s v -l verbose -d 'what the programs said'

set -l doctor complete -c clonexec -n '__clonexec_in doctor'
$doctor -l all -d 'also the processes that can lose nothing'
$doctor -l json -d 'as one JSON object'

set -l guard complete -c clonexec -n '__clonexec_in guard'
$guard -n 'test (count (commandline -cop)) = 2' -a 'start stop status run'
$guard -l mode -x -a 'restart deny count' -d 'what is done'
$guard -l strict -d 'EAGAIN where nothing else can be done'
$guard -l bound -x -d 'how long an exec may be begun again, in ms'
$guard -l cgroup -x -a '(__fish_complete_directories)' \
	-d 'only for this cgroup'
$guard -l replace -d 'put it in the place of the one that is on'
$guard -l json -d 'the status as one JSON object'
$guard -s v -l verbose -d 'what the kernel says of programs'
$guard -s q -l quiet -d 'no word when all went well'

set -l watch complete -c clonexec -n '__clonexec_in watch'
$watch -l exec -d 'run a program, written after --, and watch it'
$watch -l pid -x -a '(__fish_complete_pids)' \
	-d 'only this process and what it starts'
$watch -l comm -x -d 'only execs by threads of this name'
$watch -l eagain -d 'also thread creations that an exec made fail'
$watch -l duration -x -d 'end after so many seconds'
$watch -l count -x -d 'end after so many losses'
$watch -l json -d 'one JSON object a line'
$watch -l metrics -r -F -d 'a file for node_exporter'
$watch -l journal -d 'the events go into the log of the system'
$watch -s o -l output -r -F -d 'where the events go'
$watch -l limit -x -d 'events a second for each user and file'
$watch -l buffer -x -d 'between kernel and watcher, in KiB'
$watch -l hooks -x -a 'tp_btf raw_tp' -d 'only this kind'
$watch -s v -l verbose -d 'what the kernel says of hooks'
$watch -s q -l quiet -d 'do not say that it watches'
