/* SPDX-License-Identifier: MIT */
/*
 * The creators' side of the exec lock, where a step did not find the door open
 * (execlock.h has the rest of it, execlock.c the invariants).
 */
#include <limits.h>

#include "door.h"
#include "execlock-words.h"
#include "sys.h"
#include "wait.h"

/* More regions than threads can exist: an unpaired leave. */
enum { DEPTH_MAX = 1 << 22 };

/*
 * The last one out wakes the holder.  It is looked for again and not told by
 * the step: whoever has come in at the closed door since wakes the holder
 * itself when it steps back.
 */
void cx_execlock_left_closed(enum execlock_kind kind)
{
	struct execlock *lock = &cx_execlock.of[kind];

	if (load(&lock->state) == (EXECLOCK_READY | EXECLOCK_CLOSED))
		sys_futex_wake(&lock->state, INT_MAX, CHANNEL_HOLDER);
}

/* Entered before a fork, or given up by an exec: put it back. */
void cx_execlock_left_below(enum execlock_kind kind)
{
	struct execlock *lock = &cx_execlock.of[kind];

	__atomic_fetch_add(&lock->state, EXECLOCK_ONE, __ATOMIC_RELAXED);
	cx_execlock_left_closed(kind);
}

/* Take ourselves from the count of a closed door. */
static void step_back(enum execlock_kind kind)
{
	enum door found =
		door_add(&cx_execlock.of[kind].state, -(int32_t)EXECLOCK_ONE);

	if (found == DOOR_CLOSED)
		cx_execlock_left_closed(kind);
	else if (found == DOOR_BELOW)
		cx_execlock_left_below(kind);
}

/* Unless a holder has given us up. */
static void stop_waiting(struct execlock *lock)
{
	uint32_t n = load(&lock->waiting);

	while (n &&
	       !__atomic_compare_exchange_n(&lock->waiting, &n, n - 1, 0,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	if (n == 1)
		sys_futex_wake(&lock->waiting, INT_MAX, CHANNEL_HOLDER);
}

/*
 * The count has us in it, but the door was closed.  Step back and wait in
 * `waiting`, which the next holder respects.
 */
static void wait_for_door(enum execlock_kind kind)
{
	struct execlock *lock = &cx_execlock.of[kind];
	struct cx_wait_limit until = cx_wait_within(cx_wait_timeout());
	uint32_t s;
	int r = 0;

	__atomic_fetch_add(&lock->waiting, 1, __ATOMIC_RELAXED);
	step_back(kind);
	for (;;) {
		s = load(&lock->state);
		if (!door_is_open(s) && r == 0) {
			r = cx_wait_on(&lock->state, s, CHANNEL_CREATORS,
				       &until);
			continue;
		}
		if (!door_is_open(s))
			cx_execlock_open_door(lock); /* I8: break the hold */
		if (door_add(&lock->state, EXECLOCK_ONE) == DOOR_OPEN || r < 0)
			break; /* in; or closed again at once: go on */
		step_back(kind);
	}
	stop_waiting(lock);
}

void cx_execlock_mend_depth(enum execlock_kind kind, uint32_t at_least)
{
	uint32_t *depth = &cx_execlock_depth[kind];

	if (*depth < at_least || *depth > DEPTH_MAX)
		*depth = at_least;
}

/*
 * Whether an exec may wait for this thread, which then must not wait for it: in
 * a region that it came from into another, or into a creation.  An exec that
 * waits for a creation holds no regions yet, so in a creation one may wait for
 * a region's door.
 */
static int is_nested(enum execlock_kind kind)
{
	return cx_execlock_depth[kind] > 1 ||
	       (kind == EXECLOCK_CREATIONS &&
		cx_execlock_depth[EXECLOCK_REGIONS] > 0);
}

void cx_execlock_entered_closed(enum execlock_kind kind)
{
	struct execlock *lock = &cx_execlock.of[kind];
	uint32_t s;

	cx_execlock_mend_depth(kind, 1);
	if (cx_lockpage_may_be_inherited())
		cx_lockpage_reset_if_inherited(kind, 1, (uint32_t)sys_getpid());
	s = load(&lock->state);
	if (!(s & EXECLOCK_READY)) {
		cx_lockpage_mark();
		cx_lockpage_initialise(lock, cx_execlock_depth[kind] - 1,
				       EXECLOCK_READY);
		sys_futex_wake(&lock->state, INT_MAX, CHANNEL_CREATORS);
		s = load(&lock->state);
	}
	/* Open by now, and we are in the count: the next holder waits. */
	if (door_is_open(s))
		return;
	/* Nested: the holder waits for our outer region, not we for it. */
	if (is_nested(kind))
		return;
	/* A handler that interrupted this thread's own exec, which another that
	   holds this lock may wait for. */
	if (cx_execlock_holds_any())
		return;
	wait_for_door(kind);
}
