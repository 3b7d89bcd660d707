/* SPDX-License-Identifier: MIT */
/*
 * A thread that does the exec in the caller's place: made without CLONE_FS it
 * has a file system context of its own, so the race cannot touch its exec,
 * and a failed exec leaves the caller's alone.
 */
#ifndef CX_HELPER_H
#define CX_HELPER_H

#include "attempt.h"

/* Not an errno: no helper here, take the next means. */
enum { HELPER_UNAVAILABLE = 1 };

/* The -errno of the attempt, or HELPER_UNAVAILABLE.  Not in a child of
   vfork(2), and not for a thread that is traced. */
int cx_helper_exec(struct cx_attempt *a);

/*
 * Whether there could be one, found out by doing all that it takes but the
 * exec.  Makes every system call that cx_helper_exec() makes here, except for
 * those that it makes only for signals that are pending.
 */
int cx_helper_rehearse(void);

#endif
