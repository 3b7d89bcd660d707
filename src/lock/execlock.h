/* SPDX-License-Identifier: MIT */
/*
 * The exec lock: shared by everybody who creates a thread, exclusive for
 * the one who calls execve.  One per process.
 */
#ifndef CX_EXECLOCK_H
#define CX_EXECLOCK_H

#include <stdint.h>

#include "door.h"

/*
 * How many guarded regions this thread is in.  Only for questions about
 * oneself: may I wait for the holder (not if it waits for me), and is the
 * creator that I would wait for myself?
 */
extern CX_OWN __thread uint32_t cx_execlock_depth;

/* What is left to do where the door was not open. */
CX_OWN __attribute__((cold)) void cx_execlock_entered_closed(void);
CX_OWN __attribute__((cold)) void cx_execlock_left_closed(void);
CX_OWN __attribute__((cold)) void cx_execlock_left_below(void);

/*
 * The shared side.  May nest, and may be entered in a signal handler, which
 * sees done what stands before a fence.  Depth first, then the count: a
 * handler that execs in between believes that it is inside, and waits for one
 * creator too few.  The other way round it would wait for itself.
 */
static inline void cx_execlock_enter(void)
{
	cx_execlock_depth++;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (door_add(EXECLOCK_ONE) != DOOR_OPEN)
		cx_execlock_entered_closed();
}

/* The count first, for the same reason. */
static inline void cx_execlock_leave(void)
{
	enum door found = door_add(-(int32_t)EXECLOCK_ONE);

	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	cx_execlock_depth--;
	if (found == DOOR_CLOSED)
		cx_execlock_left_closed();
	else if (found == DOOR_BELOW)
		cx_execlock_left_below();
}

/*
 * The exclusive side.  0, or -ETIMEDOUT if a creator was still inside after
 * the bounded wait; it is held either way.  Taking it again on the same
 * thread (in a handler) is no second hold: one release ends both.
 */
int cx_execlock_lock(void);
int cx_execlock_lock_within(uint32_t milliseconds);
void cx_execlock_unlock(void);

/* In a child that is a copy of the caller, before anything else runs. */
void cx_execlock_forget_depth(void);

#endif
