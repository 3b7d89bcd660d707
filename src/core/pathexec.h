/* SPDX-License-Identifier: MIT */
/* execvp and its friends: a PATH search, and scripts without a #! line. */
#ifndef CX_PATHEXEC_H
#define CX_PATHEXEC_H

#include "exec.h"

/*
 * path is where to search if the file has no slash; NULL is the rules'
 * default.  Returns -errno, as cx_exec.
 */
int cx_pathexec(const char *file, char *const *argv, char *const *envp,
		const char *path, const struct cx_search_rules *rules,
		enum cx_strategy strategy, exec_witness *witness);

#endif
