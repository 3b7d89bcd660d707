# SPDX-License-Identifier: MIT
# What scripts do with processes; for every POSIX shell.  The output has no
# process ids and does not depend on who comes first.
echo "pipe: $(seq 1 1000 | sort -rn | head -n 3 | tr '\n' ' ')"
(cd / && pwd && umask 027 && umask && exit 3)
echo "subshell: $?, $(pwd | sed 's,.*/,,')"
cat <<END | tr a-z A-Z
here-document with $((6 * 7))
END
sleep 10 &
kill $!
wait $!
echo "killed: $?"
(exit 5) & first=$!
(exit 6) & second=$!
wait $first; echo "job: $?"
wait $second; echo "job: $?"
trap 'echo "trap: TERM"' TERM
kill -TERM $$
trap 'echo "trap: EXIT"' EXIT
no-such-command 2>/dev/null; echo "not found: $?"
/ 2>/dev/null; echo "a directory: $?"
echo 'echo "without a #!: $0 $1"' >plain && chmod 755 plain && ./plain one
printf '#!/bin/sh\necho "with: $1"\n' >script && chmod 755 script && ./script 2
(exec sh -c 'echo "exec: $0 $#"' zero 1 2)
(exec ./no-such) 2>/dev/null; echo "failed exec: $?"
find /etc/passwd /etc/group -exec basename {} \; | xargs -n 1 -P 2 echo | sort
env -i A=1 sh -c 'echo "env -i: $A, ${HOME-no home}"'
nice -n 3 nohup timeout 5 sh -c 'nice' 2>/dev/null
mkfifo fifo && { echo "fifo" >fifo & cat fifo; wait; }
tar cf - plain script | gzip | gunzip | tar tf - | sort
i=0; while [ $i -lt 100 ]; do true | cat; /bin/true; i=$((i + 1)); done
echo "a hundred: $i"
sh -c 'sh -c "kill -USR1 \$\$"; echo "signal: $?"' 2>/dev/null
