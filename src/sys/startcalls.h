/* SPDX-License-Identifier: MIT */
/*
 * Files opened and looked at by those system calls that this process's libc
 * starts every program by: a seccomp filter that let the program start lets
 * them pass, also if its list was made by watching the program.
 */
#ifndef CX_STARTCALLS_H
#define CX_STARTCALLS_H

#include "sys.h"

/* For reading; the descriptor, or -errno. */
int cx_startcalls_open(const char *path, int flags);

/*
 * What a directory is; 0, or -errno.  Where the libc's call needs a descriptor
 * there is one more for a moment.
 */
int cx_startcalls_stat(const char *path, struct sys_file *file);

/* Whether that is sys_stat() and nothing else. */
int cx_startcalls_stat_is_stat(void);

/*
 * Whether a glibc of this version looks at files by newfstatat when it starts a
 * program; NULL is another libc.
 */
int cx_startcalls_has_newfstatat(const char *glibc_version);

#endif
