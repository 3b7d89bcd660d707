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
void cx_execlock_left_closed(void)
{
	if (load(&cx_execlock.state) == (EXECLOCK_READY | EXECLOCK_CLOSED))
		sys_futex_wake(&cx_execlock.state, INT_MAX, CHANNEL_HOLDER);
}

/* Entered before a fork, or given up by an exec: put it back. */
void cx_execlock_left_below(void)
{
	__atomic_fetch_add(&cx_execlock.state, EXECLOCK_ONE, __ATOMIC_RELAXED);
	cx_execlock_left_closed();
}

/* Take ourselves from the count of a closed door. */
static void step_back(void)
{
	enum door found = door_add(-(int32_t)EXECLOCK_ONE);

	if (found == DOOR_CLOSED)
		cx_execlock_left_closed();
	else if (found == DOOR_BELOW)
		cx_execlock_left_below();
}

/* Unless a holder has given us up. */
static void stop_waiting(void)
{
	uint32_t n = load(&cx_execlock.waiting);

	while (n &&
	       !__atomic_compare_exchange_n(&cx_execlock.waiting, &n, n - 1, 0,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	if (n == 1)
		sys_futex_wake(&cx_execlock.waiting, INT_MAX, CHANNEL_HOLDER);
}

/*
 * The count has us in it, but the door was closed.  Step back and wait in
 * `waiting`, which the next holder respects.
 */
static void wait_for_door(void)
{
	struct timespec until = cx_wait_deadline(cx_wait_timeout());
	uint32_t s;
	int r = 0;

	__atomic_fetch_add(&cx_execlock.waiting, 1, __ATOMIC_RELAXED);
	step_back();
	for (;;) {
		s = load(&cx_execlock.state);
		if (!door_is_open(s) && r == 0) {
			r = cx_wait_on(&cx_execlock.state, s, CHANNEL_CREATORS,
				       &until);
			continue;
		}
		if (!door_is_open(s))
			cx_execlock_open_door(); /* I8: break the hold */
		if (door_add(EXECLOCK_ONE) == DOOR_OPEN || r < 0)
			break; /* in; or closed again at once: go on */
		step_back();
	}
	stop_waiting();
}

void cx_execlock_mend_depth(uint32_t at_least)
{
	if (cx_execlock_depth < at_least || cx_execlock_depth > DEPTH_MAX)
		cx_execlock_depth = at_least;
}

void cx_execlock_entered_closed(void)
{
	uint32_t s;

	cx_execlock_mend_depth(1);
	if (cx_lockpage_may_be_inherited())
		cx_lockpage_reset_if_inherited(1, (uint32_t)sys_getpid());
	s = load(&cx_execlock.state);
	if (!(s & EXECLOCK_READY)) {
		cx_lockpage_mark();
		cx_lockpage_initialise(cx_execlock_depth - 1, EXECLOCK_READY);
		sys_futex_wake(&cx_execlock.state, INT_MAX, CHANNEL_CREATORS);
		s = load(&cx_execlock.state);
	}
	/* Open by now, and we are in the count: the next holder waits. */
	if (door_is_open(s))
		return;
	/* Nested: the holder waits for our outer region, not we for it. */
	if (cx_execlock_depth > 1)
		return;
	/* A handler that interrupted this thread's own exec. */
	if (cx_execlock_is_holder())
		return;
	wait_for_door();
}
