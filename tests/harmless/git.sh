# SPDX-License-Identifier: MIT
export HOME=$PWD GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b \
	GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b \
	GIT_AUTHOR_DATE='2020-01-01T00:00:00Z' \
	GIT_COMMITTER_DATE='2020-01-01T00:00:00Z'
git init -q -b main repository && cd repository || exit
printf '#!/bin/sh\necho "hook"\n' >.git/hooks/post-commit
chmod 755 .git/hooks/post-commit
for i in 1 2 3 4 5 6 7 8; do
	seq $i 500 >file$i; git add .; git commit -q -m "commit $i"
done
git log --oneline --stat | cat
git gc -q; git repack -q -a -d -f; git fsck --full; git count-objects -v |
	grep -v size
git checkout -q -b other HEAD~3 && git rebase -q main && git status -sb
git clone -q . ../copy && git -C ../copy rev-parse HEAD
git archive HEAD | tar t
git -c alias.x='!echo alias' x
git grep -c 77 | cat
git no-such-command 2>/dev/null; echo "$?"
