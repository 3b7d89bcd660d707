/* SPDX-License-Identifier: MIT */
/* execvp and its friends: a PATH search, and scripts without a #! line. */
#ifndef CX_PATHEXEC_H
#define CX_PATHEXEC_H

#include "exec.h"

/*
 * Execs a->file.  path is where to search if it has no slash; NULL is the
 * rules' default.  Returns -errno, as cx_exec.
 */
int cx_pathexec(struct cx_attempt *a, const char *path,
		const struct cx_search_rules *rules);

#endif
