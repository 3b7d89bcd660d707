# SPDX-License-Identifier: MIT
# PRELOAD LOST EAGAIN RUNS PROGRAM...: the program, until the target that it
# execs has lost so often and so many runs have seen a creation fail, or RUNS
# times.  Says how many lost, how many saw EAGAIN, how many there were.
preload=$1 lost_enough=$2 eagain_enough=$3 runs=$4 lost=0 eagain=0 n=0
shift 4
while [ $n -lt "$runs" ]; do
	out=$(LD_PRELOAD=$preload timeout 20 "$@" 2>&1)
	n=$((n + 1))
	# The second is libgomp's, which then ends the program.
	case $out in
	*EAGAIN* | *"Thread creation failed"*) eagain=$((eagain + 1)) ;;
	esac
	case $out in
	*"65534 0 0 65534"*) ;;
	*"65534 65534 65534 65534"*) lost=$((lost + 1)) ;;
	*"Thread creation failed"*) ;;
	*) echo "broken: $out"; exit 1 ;;
	esac
	[ $lost -lt "$lost_enough" ] || [ $eagain -lt "$eagain_enough" ] ||
		break
done
echo $lost $eagain $n
