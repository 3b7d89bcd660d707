/* SPDX-License-Identifier: MIT */
/*
 * How long a process may take, in time that it really had: CPU time that it
 * used, and time in which all of its threads slept.  Time in which one of them
 * could have run and was not let does not count (a busy machine, a cgroup that
 * is throttled, a process that somebody stopped, a page on its way from the
 * disk), for it tells nothing about the process.
 */
#ifndef PATIENCE_H
#define PATIENCE_H

#include <sys/types.h>

enum { PATIENCE_SLICE_MS = 20 }; /* between two looks */

struct patience {
	pid_t pid;
	long long limit, spent;	      /* ns */
	long long begun, looked, cpu; /* ns */
};

void patience_begin(struct patience *p, pid_t pid, int limit_ms);

/*
 * 0: wait on; -ETIMEDOUT: the process had its time; -EBUSY: the machine gave
 * it none, PATIENCE_BOUND times as long.  May be called as often as you like.
 */
int patience_look(struct patience *p);

enum { PATIENCE_BOUND = 10 };

/*
 * Waits for the end of it, a child: 0 and the status of waitpid(2), or as
 * above, and it was killed.
 */
int patience_reap(struct patience *p, int *status);

/* At once, and waits for that. */
void patience_kill(struct patience *p, int *status);

#endif
