# SPDX-License-Identifier: MIT
# How the scripts in the machine of packaging/try-machine say what they do: a
# transcript, and between its lines the verdicts of the test.
# shellcheck shell=bash
n=0

# type_in COMMAND: as it is typed.
type_in() {
	echo "# $1"
	eval "$1" 2>&1
}

# ok NAME: by the status of the command before it.
ok() {
	[ $? = 0 ] && verdict=ok || verdict='not ok'
	n=$((n + 1))
	echo "@ $verdict $n - $1"
}

# Until COMMAND... succeeds; five minutes of an emulated machine at most.
until_true() {
	for _ in $(seq 300); do
		"$@" >/dev/null 2>&1 && return
		sleep 1
	done
	return 1
}

no_unit_failed() {
	failed=$(systemctl --failed --plain --no-legend)
	echo "$failed"
	[ -z "$failed" ]
	ok 'no unit has failed'
}

end_of_trial() {
	echo "@ 1..$n"
	echo '@ end'
	sync
	systemctl poweroff --force
	exit
}
