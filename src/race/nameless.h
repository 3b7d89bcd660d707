/* SPDX-License-Identifier: MIT */
/*
 * Files without a name: gone with the last process that has them open, in
 * whatever way that ends, and out of reach for strangers.  Functions return 0
 * or -errno.
 */
#ifndef NAMELESS_H
#define NAMELESS_H

#include <limits.h>
#include <stddef.h>

/* $TMPDIR, /var/tmp or /tmp: the first that is neither nosuid nor noexec, or
   if there is none, not noexec; NULL if there is none at all. */
const char *nameless_base(void);

/* A new one there, for reading and writing: its descriptor, or -errno. */
int nameless_open(const char *base);

int nameless_write(int fd, const char *p, size_t size);

/*
 * Closes fd: what is open for writing cannot be executed.  The same file for
 * reading, and the path by which this process executes it.
 */
int nameless_open_again(int fd, char path[PATH_MAX]);

#endif
