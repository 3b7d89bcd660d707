/* SPDX-License-Identifier: MIT */
/*
 * A piece of work, stopped before each of its system calls: what somebody
 * else does in between, at whatever moment, is tried moment by moment.
 */
#ifndef STEPS_H
#define STEPS_H

#include <sys/types.h>

/* Called at the chosen step, while the work stands still. */
typedef void steps_hook(pid_t worker, void *arg);

/*
 * Runs work(arg) in a child, which exits with what it returns; before its
 * system call number `at` (from 1) the hook is called.  Returns how many
 * system calls there were, and in *status the child's.  Ends the test case if
 * processes cannot be traced here.
 */
int steps_run(int (*work)(void *arg), void *arg, int at, steps_hook *hook,
	      void *hook_arg, int *status);

#endif
