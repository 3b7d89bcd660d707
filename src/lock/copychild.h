/* SPDX-License-Identifier: MIT */
/*
 * A clone child that shares the fs but has memory of its own: a copy of a
 * thread that was inside a guarded region, but one that never comes back to
 * leave it.
 */
#ifndef CX_COPYCHILD_H
#define CX_COPYCHILD_H

#include "execlock.h"

/* What it is to run; on the stack of the caller, of which it has a copy. */
struct cx_copychild {
	int (*fn)(void *);
	void *arg;
};

static inline int cx_copychild_start(void *p)
{
	struct cx_copychild c = *(struct cx_copychild *)p;

	cx_execlock_forget_depth();
	return c.fn(c.arg);
}

#endif
