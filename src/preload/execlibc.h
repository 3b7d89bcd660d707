/* SPDX-License-Identifier: MIT */
/* What the auditor (src/audit) tells the shim. */
#ifndef PRELOAD_EXECLIBC_H
#define PRELOAD_EXECLIBC_H

/* glibc has no more namespaces (DL_NNS). */
enum { EXECLIBC_MAX = 16 };

/* The auditor's way to it: the address of __errno_location in each of them, or
   NULL. */
void **clonexec_libc_errnos(void);

/* In every libc that is not the program's own. */
void execlibc_set_errno(int error);

#endif
