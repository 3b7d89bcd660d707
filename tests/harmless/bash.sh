# SPDX-License-Identifier: MIT
# And what only bash does.
diff <(seq 1 5) <(seq 2 6); echo "process substitution: $?"
coproc cat; echo "coproc" >&"${COPROC[1]}"; exec {COPROC[1]}>&-
read -r line <&"${COPROC[0]}"; wait; echo "$line"
false | true | (exit 4); echo "pipestatus: ${PIPESTATUS[*]}"
mapfile -t lines < <(printf '%s\n' a b c); echo "mapfile: ${#lines[@]}"
set -m; sleep 10 & kill %+
wait $! 2>/dev/null; echo "job control: $?"; set +m
trap 'ended=1' CHLD; (true); trap - CHLD; echo "child ended: $ended"
trap 'echo "error in ${FUNCNAME[0]:-main}"' ERR; false; trap - ERR
(exec -a other sh -c 'echo "argv[0]: $0"')
(ulimit -n 50; sh -c 'ulimit -n')
time=$( { TIMEFORMAT=%0lR; time true; } 2>&1 ); echo "time: ${time%%m*}m"
function f() { local x; x=$(f2); echo "function: $x"; }; f2() { echo nested; }; f
set -o pipefail; false | true; echo "pipefail: $?"
exec 7< <(echo "descriptor"); cat <&7
disown -a; suspend 2>/dev/null || echo "cannot suspend"
