/* SPDX-License-Identifier: MIT */
#include "attempt.h"

#include <errno.h>
#include <stdint.h>

#include "sys.h"

/* In no process's memory on any CPU. */
#define NOWHERE ((char *const *)-(intptr_t)sizeof(char *))

static int attempt_search(struct cx_attempt *a, char *const *argv)
{
	int r = -ENOENT, denied = 0;

	while (cx_search_next(&a->search, a->candidate)) {
		r = sys_execve(a->candidate, argv, a->envp);
		if (!cx_search_goes_on(a->rules, r))
			return r;
		denied |= r == -EACCES;
	}
	/* "Not allowed" tells more than the last "not there". */
	return denied ? -EACCES : r;
}

static int execute(struct cx_attempt *a, char *const *argv)
{
	if (a->rules)
		return attempt_search(a, argv);
	if (a->is_at)
		return sys_execveat(a->dirfd, a->file, argv, a->envp, a->flags);
	return sys_execve(a->file, argv, a->envp);
}

int cx_attempt(struct cx_attempt *a)
{
	return execute(a, a->argv);
}

int cx_attempt_without_argv(struct cx_attempt *a)
{
	return execute(a, NOWHERE);
}
