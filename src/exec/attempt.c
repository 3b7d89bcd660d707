/* SPDX-License-Identifier: MIT */
#include "attempt.h"

#include <errno.h>
#include <stdint.h>

#include "sys.h"

/* In no process's memory on any CPU. */
#define NOWHERE ((char *const *)-(intptr_t)sizeof(char *))

static int attempt_search(struct cx_attempt *a, char *const *envp)
{
	int r = -ENOENT, denied = 0;

	while (cx_search_next(&a->search, a->candidate)) {
		r = sys_execve(a->candidate, a->argv, envp);
		if (!cx_search_goes_on(a->rules, r))
			return r;
		denied |= r == -EACCES;
	}
	/* "Not allowed" tells more than the last "not there". */
	return denied ? -EACCES : r;
}

static int attempt_at(struct cx_attempt *a, char *const *envp)
{
	int r = sys_execveat(a->dirfd, a->file, a->argv, envp, a->flags);

	if (r != -ENOSYS || a->execfd == EXECFD_NOT)
		return r;
	return cx_execfd(a->dirfd, a->argv, envp, a->execfd);
}

static int execute(struct cx_attempt *a, char *const *envp)
{
	if (a->rules)
		return attempt_search(a, envp);
	if (a->is_at)
		return attempt_at(a, envp);
	return sys_execve(a->file, a->argv, envp);
}

int cx_attempt(struct cx_attempt *a)
{
	return execute(a, a->envp);
}

int cx_attempt_without_envp(struct cx_attempt *a)
{
	return execute(a, NOWHERE);
}

int cx_attempt_reads_first(void)
{
	/* With a name: of an exec without one the kernel warns in its log. */
	char *const name[] = { (char *)"clonexec", NULL };

	return sys_execve("/", name, NOWHERE) == -EFAULT;
}
