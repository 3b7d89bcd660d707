/* SPDX-License-Identifier: MIT */
/*
 * What the C clients have in common: they count what they create, and one
 * exec in the midst of it.  Unmodified programs: nothing of clonexec here.
 */
#ifndef CREATORS_H
#define CREATORS_H

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static atomic_uint created;

static inline void say_eagain(void)
{
	if (write(2, "EAGAIN\n", 7) < 0)
		_exit(3);
}

/* Returns with the program's exit status only if exec failed. */
static inline int exec_amid(char **argv, unsigned int enough)
{
	alarm(20);
	while (atomic_load(&created) < enough)
		sched_yield();
	execv(argv[1], argv + 1);
	perror(argv[1]);
	return 1;
}

#endif
