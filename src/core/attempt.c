/* SPDX-License-Identifier: MIT */
#include "attempt.h"

#include <errno.h>

#include "sys.h"

static int attempt_search(struct cx_attempt *a)
{
	int r = -ENOENT;

	while (cx_search_next(&a->search, a->candidate)) {
		r = sys_execve(a->candidate, a->argv, a->envp);
		if (!cx_search_goes_on(a->rules, r))
			return r;
		if (r == -EACCES)
			a->denied = 1;
	}
	/* "Not allowed" tells more than the last "not there". */
	return a->denied ? -EACCES : r;
}

int cx_attempt(struct cx_attempt *a)
{
	if (a->rules)
		return attempt_search(a);
	if (a->is_at)
		return sys_execveat(a->dirfd, a->file, a->argv, a->envp,
				    a->flags);
	return sys_execve(a->file, a->argv, a->envp);
}
