/* SPDX-License-Identifier: MIT */
/* What to exec and how, and the system call or calls that try it. */
#ifndef CX_ATTEMPT_H
#define CX_ATTEMPT_H

#include "clonexec.h"
#include "execfd.h"
#include "search.h"

struct cx_attempt;

/* By what means an exec was done. */
enum exec_means {
	EXEC_ALONE,	  /* plain: there is no other thread */
	EXEC_MAYBE_VFORK, /* perhaps a child of vfork: private fs, no lock */
	EXEC_DOOMED,	  /* it cannot succeed, and did not */
	EXEC_UNSHARE,
	EXEC_HELPER,
	EXEC_LOCK, /* plain, under the lock: nothing better was left */
};

/*
 * Tells a human, just before the system call (EXEC_DOOMED: after it).  May run
 * on the helper thread, so it calls only the kernel.
 */
typedef void exec_log(const struct cx_attempt *a, enum exec_means means);

/*
 * One call of the exec family.  A PATH search is one attempt with many
 * candidates, so that one decision serves it all.
 */
struct cx_attempt {
	const char *file;
	char *const *argv;
	char *const *envp;

	enum cx_strategy strategy;
	exec_log *log;	       /* or NULL */
	enum cx_reason reason; /* why not by the first choice */
	int is_inexact;	       /* there is what a helper can't take over;
				  known only where there is a log */

	int foreseen; /* FORECAST_NO_FILE: the -errno, if it is certain
			 without the kernel's word; else 0 */

	/* execveat and fexecve only */
	int is_at;
	int dirfd;
	int flags;
	enum execfd_rules execfd;

	/* execvp and its friends only: rules is NULL elsewhere */
	const struct cx_search_rules *rules;
	struct cx_search search; /* where to go on */
	char *candidate;	 /* the buffer; holds the last one */
};

/*
 * Makes the system calls.  Returns the -errno that the whole call fails
 * with; -ENOEXEC leaves the file it was about in a->candidate.  Calls nothing
 * but the kernel and touches nothing but *a, for it also runs on the helper.
 */
int cx_attempt(struct cx_attempt *a);

/*
 * The same with an envp that nobody can read, so that it cannot succeed (and
 * argv stays, for those that look at it on the way: supervisors, tracers).  The
 * kernel looks for the file first: -EFAULT says that there is one, which it
 * would have executed or tried to; anything else is what cx_attempt() would
 * have returned.
 */
int cx_attempt_without_envp(struct cx_attempt *a);

/*
 * Whether this kernel reads the arguments first (Linux 5.9 to 6.7, gVisor):
 * then the answer above is -EFAULT in any case.  Asks by an exec of a
 * directory.
 */
int cx_attempt_reads_first(void);

#endif
