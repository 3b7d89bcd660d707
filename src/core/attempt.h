/* SPDX-License-Identifier: MIT */
/* What to exec, and the system call or calls that try it. */
#ifndef CX_ATTEMPT_H
#define CX_ATTEMPT_H

#include "search.h"

/*
 * One call of the exec family.  A PATH search is one attempt with many
 * candidates, so that one decision serves it all.
 */
struct cx_attempt {
	const char *file;
	char *const *argv;
	char *const *envp;

	/* execveat and fexecve only */
	int is_at;
	int dirfd;
	int flags;

	/* execvp and its friends only: rules is NULL elsewhere */
	const struct cx_search_rules *rules;
	struct cx_search search;	/* where to go on */
	char *candidate;		/* the buffer; holds the last one */
	int denied;			/* one was there and not executable */
};

/*
 * Makes the system calls.  Returns the -errno that the whole call fails
 * with; -ENOEXEC leaves the file it was about in a->candidate.  Calls nothing
 * but the kernel and touches nothing but *a, for it also runs on the helper.
 */
int cx_attempt(struct cx_attempt *a);

#endif
