/* SPDX-License-Identifier: MIT */
/*
 * A process that removes a directory of known files when its maker asks, or
 * is no more.
 */
#ifndef JANITOR_H
#define JANITOR_H

#include <sys/types.h>

/*
 * Starts it for the files `names` (count of them, each may be missing) in
 * dir and for dir itself.  Both arrays are used by a fork(2) child, so they
 * need not stay.  Returns 0 or -errno.
 */
int janitor_start(const char *dir, const char *const names[], int count,
		  pid_t *janitor, int *fd);

/* Has it remove everything now, and waits until it has. */
void janitor_finish(pid_t janitor, int fd);

#endif
