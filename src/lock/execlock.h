/* SPDX-License-Identifier: MIT */
/*
 * The exec lock: shared by everybody who creates a thread, exclusive for
 * the one who calls execve.  Two per process: see lockpage.h.
 */
#ifndef CX_EXECLOCK_H
#define CX_EXECLOCK_H

#include <stdint.h>

#include "door.h"

/*
 * How many guarded regions of each kind this thread is in.  Only for questions
 * about oneself: may I wait for the holder (not if it waits for me), and is the
 * creator that I would wait for myself?
 */
extern CX_OWN __thread uint32_t cx_execlock_depth[EXECLOCK_KINDS];

/* What is left to do where the door was not open. */
CX_OWN __attribute__((cold)) void
cx_execlock_entered_closed(enum execlock_kind kind);
CX_OWN __attribute__((cold)) void
cx_execlock_left_closed(enum execlock_kind kind);
CX_OWN __attribute__((cold)) void
cx_execlock_left_below(enum execlock_kind kind);

/*
 * The shared side.  May nest, and may be entered in a signal handler, which
 * sees done what stands before a fence.  Depth first, then the count: a
 * handler that execs in between believes that it is inside, and waits for one
 * creator too few.  The other way round it would wait for itself.
 */
static inline void cx_execlock_enter(enum execlock_kind kind)
{
	cx_execlock_depth[kind]++;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (door_add(&cx_execlock.of[kind].state, EXECLOCK_ONE) != DOOR_OPEN)
		cx_execlock_entered_closed(kind);
}

/* The count first, for the same reason. */
static inline void cx_execlock_leave(enum execlock_kind kind)
{
	enum door found =
		door_add(&cx_execlock.of[kind].state, -(int32_t)EXECLOCK_ONE);

	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	cx_execlock_depth[kind]--;
	if (found == DOOR_CLOSED)
		cx_execlock_left_closed(kind);
	else if (found == DOOR_BELOW)
		cx_execlock_left_below(kind);
}

/* What an exec keeps out. */
enum execlock_set {
	EXECLOCK_NO_CREATION = 1 << EXECLOCK_CREATIONS,
	EXECLOCK_NO_REGION = 1 << EXECLOCK_REGIONS,
	EXECLOCK_NOBODY = EXECLOCK_NO_CREATION | EXECLOCK_NO_REGION,
};

/*
 * The exclusive side, of the locks of the set; a handler that asks for more
 * than its thread holds gives that up first.  0, or -ETIMEDOUT if a creator was
 * still inside after the bounded wait; they are held either way.  Taking them
 * again on the same thread (in a handler) is no second hold: one release, which
 * is of all that the thread holds, ends both.  Not for a child of vfork.
 */
int cx_execlock_lock(enum execlock_set set);
int cx_execlock_lock_within(enum execlock_set set, uint32_t milliseconds);
void cx_execlock_unlock(void);

/* In a child that is a copy of the caller, before anything else runs. */
void cx_execlock_forget_depth(void);

#endif
