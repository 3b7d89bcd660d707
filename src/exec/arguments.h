/* SPDX-License-Identifier: MIT */
/* Whether execve would take these arguments and this environment. */
#ifndef CX_ARGUMENTS_H
#define CX_ARGUMENTS_H

#include <stddef.h>

/*
 * 0 if it may, -E2BIG or -EFAULT if it would certainly refuse them.  Survives
 * every pointer that the kernel survives.
 */
int cx_arguments_check(char *const *argv, char *const *envp);

/*
 * Copies a string that may be no string at all, as far as it can be read and
 * into at most size bytes with its NUL.  -EFAULT if nothing can be read.
 */
int cx_arguments_copy(char *to, size_t size, const char *from);

#endif
