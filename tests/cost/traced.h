/* SPDX-License-Identifier: MIT */
/*
 * A child under a tracer that counts, from one marker to the next: every
 * instruction, or every system call of every thread.  Neither clock nor load
 * has a say in it.
 */
#ifndef TRACED_H
#define TRACED_H

enum { TRACED_CALLS_MAX = 256 };

struct traced {
	/* what traced_steps() counts */
	long instructions;
	long locked;		/* those with a lock prefix, and xchg */

	/* what traced_calls() counts */
	int count;
	int nr[TRACED_CALLS_MAX];
	int reached_exec;	/* it ended in an exec and not at a marker */
};

/* Does nothing, and the compiler of the caller does not know. */
void traced_nothing(void);

/*
 * Runs prepare() and then region() in a child.  prepare may be NULL.  A child
 * that says no (_exit in prepare) fails the case.
 */
void traced_steps(void (*prepare)(void), void (*region)(void),
		  struct traced *t);

/*
 * The same for system calls, as far as the exec if there is one.  The tracer
 * hides: what reads TracerPid in /proc finds 0, for there is code that does
 * something else under a tracer.
 */
void traced_calls(void (*prepare)(void), void (*region)(void),
		  struct traced *t);

#endif
