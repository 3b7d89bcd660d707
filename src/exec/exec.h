/* SPDX-License-Identifier: MIT */
/* Decides how an exec is protected and carries it out; docs/design.md, "How an
   exec is decided". */
#ifndef CX_EXEC_H
#define CX_EXEC_H

#include "attempt.h"
#include "clonexec.h"

/*
 * Execs, by the strategy in the attempt.  Returns the -errno that execve would
 * have failed with; 0 only for an AT_EXECVE_CHECK that says yes.
 */
int cx_exec(struct cx_attempt *a);

/* Whether a failed exec has left this thread with a private fs. */
int cx_exec_fs_is_private(void);

/* cx_before_exec: the lock, and what the strategy adds.  0 or -errno. */
int cx_exec_before(enum cx_strategy strategy);
void cx_exec_after(void);

/* What cx_exec would do now, found by trying: the members of struct cx_status
   of the same names. */
struct cx_exec_preview {
	enum cx_strategy in_force;
	enum cx_reason reason;
	int alone;
	int exact;
};
void cx_exec_preview(enum cx_strategy strategy, struct cx_exec_preview *out);

#endif
