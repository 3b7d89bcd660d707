/* SPDX-License-Identifier: MIT */
/* Whether execve would take these arguments and this environment. */
#ifndef CX_ARGUMENTS_H
#define CX_ARGUMENTS_H

/*
 * 0 if it may, -E2BIG or -EFAULT if it would certainly refuse them.  Survives
 * every pointer that the kernel survives.
 */
int cx_arguments_check(char *const *argv, char *const *envp);

#endif
