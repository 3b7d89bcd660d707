/* SPDX-License-Identifier: MIT */
/* How an exec is decided and done: design section 3, in one place. */
#ifndef CX_EXEC_H
#define CX_EXEC_H

#include "attempt.h"
#include "clonexec.h"

/* By what means an exec was done. */
enum exec_means {
	EXEC_ALONE,	/* plain: there is no other thread */
	EXEC_BORROWED,	/* perhaps a child of vfork: private fs, no lock */
	EXEC_DOOMED,	/* plain, under the lock: it will fail */
	EXEC_UNSHARE,
	EXEC_HELPER,
	EXEC_LOCK,	/* plain, under the lock: nothing better was left */
};

/* Called just before the attempt, by whoever wants to tell a human. */
typedef void exec_witness(enum exec_means means, enum cx_reason reason,
			  const struct cx_attempt *a);

/*
 * Execs.  Returns the -errno that execve would have failed with; 0 only for
 * an AT_EXECVE_CHECK that says yes.  witness may be NULL.
 */
int cx_exec(struct cx_attempt *a, enum cx_strategy strategy,
	    exec_witness *witness);

/* Whether a failed exec has left this thread with a private fs. */
int cx_exec_fs_is_private(void);

/* cx_before_exec: the lock, and what the strategy adds.  0 or -errno. */
int cx_exec_before(enum cx_strategy strategy);

/* What cx_exec would do now, found by trying; in_force, reason, alone. */
void cx_exec_preview(enum cx_strategy strategy, struct cx_status *status);

#endif
