/* SPDX-License-Identifier: MIT */
/*
 * The other half of the bug, without luck and without root: an exec that stands
 * still inside the kernel after it has begun, and thread creations beside it,
 * each of which then fails with EAGAIN.
 *
 * What is executed is a script whose interpreter is under a lease (fcntl(2),
 * F_SETLEASE): to open it the kernel waits until the holder, who learns of it
 * by SIGIO, lets go.  Then the exec fails with ENOEXEC, for the interpreter is
 * no program.
 *
 * Functions return 0 or -errno and print nothing.
 */
#ifndef STOPPED_H
#define STOPPED_H

#include "race.h"

enum { STOPPED_CREATIONS = 50 };

struct stopped {
	const struct target_caller *caller; /* NULL: as whoever we are */
	int strangers; /* processes that share our fs, not threads: the
			  witness, for an exec refuses those on every kernel */
	int guarded;   /* the creations keep to the exec lock, and wait */
	race_exec *exec;
	void *arg;
	int limit_ms; /* as that of struct race */
};

struct stopped_result {
	int created, refused; /* together STOPPED_CREATIONS */
	int starved;	      /* the machine gave it no time to run */
};

/* In a child process.  0: see the result. */
int stopped_run(const struct stopped *s, struct stopped_result *result);

/* Why a run said -errno, in a few words. */
const char *stopped_why(const struct stopped_result *result, int error);

#endif
