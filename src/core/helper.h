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

/*
 * The -errno of the attempt, or HELPER_UNAVAILABLE; with a == NULL the
 * helper does nothing and 0 says that there could be one.  Not in a child of
 * vfork(2).
 */
int cx_helper_exec(struct cx_attempt *a);

#endif
