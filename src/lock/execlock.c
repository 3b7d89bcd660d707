/* SPDX-License-Identifier: MIT */
/*
 * The exec lock.  Its seed is Go's execLock of 2017, one mutex around every
 * thread creation and every exec; this is its wish, a lock that lets creations
 * run side by side.  A creator pays two atomic operations on one word
 * (door.h); an exec, which costs a thousand times more, pays for all else.
 *
 *   UNUSED ----- first cx_execlock_enter() -----> OPEN <---+
 *     |  ^                                         |       | open_door() by
 *     |  |   fork: the page is wiped               |       |  _unlock(),
 *     |  +-------- from OPEN and CLOSED            |       |  the next holder,
 *     |                                            v       |  a creator that
 *     +-- cx_execlock_lock(), the first of all -> CLOSED --+  waited in vain
 *                                                  ^
 *               cx_execlock_lock(): take_hold(), let_waiters_in(), close, drain()
 *
 * The holder is the exec that has the lock.  Where nothing was broken by a
 * timeout:
 *
 * I1  A creator is inside if its step found OPEN, and until its leave.
 * I2  CLOSED is set by the holder alone, and until open_door() nobody gets in
 *     who was not inside: an exec waits for those and for nobody else.
 * I3  When cx_execlock_lock() has returned 0, it is CLOSED, the caller is the
 *     holder, and nobody is inside but the caller's own regions (in a handler).
 * I4  Creators that found it CLOSED are in `waiting`, and the next holder lets
 *     them in before it closes the door: execs that fail back to back starve
 *     nobody (the token hand-off of Go's RWMutex).
 * I5  There is one holder; the others sleep on its word, and it wakes one.
 * I6  The count is never too high for good, nor below zero.
 * I7  OPEN means that the page is marked, so that a child finds it UNUSED, with
 *     none in it but its own thread's regions.
 *
 * Every wait ends after a bounded time and then goes on without: an exec,
 * because a private fs does not need the lock; a creator, because an exec stuck
 * on a dead file system must not stop a program from creating threads.  A
 * waiter that waited in vain breaks the hold that it waited for: so a holder
 * that died or jumped away costs a process one wait (I8), not one per thread.
 *
 * model/execlock.pml is this algorithm, and tests/interleave runs this file.
 */
#include "execlock.h"

#include <errno.h>
#include <limits.h>

#include "door.h"
#include "lockpage.h"
#include "sys.h"
#include "wait.h"

/* A futex channel for each kind of sleeper on the state word. */
enum { CHANNEL_CREATORS = 1, CHANNEL_HOLDER = 2 };

/* More regions than threads can exist: an unpaired leave. */
enum { DEPTH_MAX = 1 << 22 };

/*
 * The holder word: the tid of the holder, and this flag if others may be
 * asleep for its place.  Set needlessly it costs a system call.  A stale tid
 * (the thread died or jumped out of its exec) costs the next holder one
 * bounded wait, then the place is taken over.
 */
#define EXECLOCK_QUEUED (1u << 31)

__thread uint32_t cx_execlock_depth;

/* As what this thread has taken the holder's place, 0 if it has not.  A helper
   that execs for it (helper.c) has its TLS but another tid, and may be given
   its handlers. */
static __thread uint32_t holder_tid;

static uint32_t load(uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/* Who we are, as a holder. */
static uint32_t own_tid(void)
{
	uint32_t w = load(&cx_execlock.holder) & ~EXECLOCK_QUEUED;

	return w && w == holder_tid ? w : (uint32_t)sys_gettid();
}

static int is_holder(void)
{
	uint32_t w = load(&cx_execlock.holder) & ~EXECLOCK_QUEUED;

	return w && w == own_tid();
}

/*
 * Release: what the holder did is done before any creator passes.  Acquire:
 * the step back of a creator that went to wait comes with its `waiting`, so
 * the next holder, who gets both from us, knows of everybody that we kept.
 *
 * Wakes always, and not only if `waiting` says so: an exec that failed can
 * afford a system call.  The holder is woken too, for when it is a creator
 * that opens the door on it.
 */
static void open_door(void)
{
	cx_lockpage_mark(); /* I7 */
	__atomic_fetch_and(&cx_execlock.state, ~EXECLOCK_CLOSED,
			   __ATOMIC_ACQ_REL);
	sys_futex_wake(&cx_execlock.state, INT_MAX,
		       CHANNEL_CREATORS | CHANNEL_HOLDER);
}

/* I6: a creator too few, or more creators than there can be: an unpaired leave,
   or one that came back after it had been given up. */
static void mend(void)
{
	uint32_t s = load(&cx_execlock.state);

	if (door_count(s) < 0)
		__atomic_compare_exchange_n(&cx_execlock.state, &s,
					    s & EXECLOCK_FLAGS, 0,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

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
			open_door(); /* I8: waited in vain, break the hold */
		if (door_add(EXECLOCK_ONE) == DOOR_OPEN || r < 0)
			break; /* in; or closed again at once: go on */
		step_back();
	}
	stop_waiting();
}

/*
 * A leave by another thread than the one that entered has taken this thread's
 * depth below zero.  at_least is what is certain: the region it is in now.
 */
static void mend_depth(uint32_t at_least)
{
	if (cx_execlock_depth < at_least || cx_execlock_depth > DEPTH_MAX)
		cx_execlock_depth = at_least;
}

void cx_execlock_entered_closed(void)
{
	uint32_t s;

	mend_depth(1);
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
	if (is_holder())
		return;
	wait_for_door();
}

/* I5: become the holder; -ETIMEDOUT if another one's place was taken over. */
static int take_hold(uint32_t me, const struct timespec *until)
{
	uint32_t w = 0, mine = me;
	int r = 0;

	for (;;) {
		if (!(w & ~EXECLOCK_QUEUED) || r < 0) {
			if (__atomic_compare_exchange_n(
				    &cx_execlock.holder, &w,
				    mine | (w & EXECLOCK_QUEUED), 0,
				    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
				return r;
			continue;
		}
		if ((w & ~EXECLOCK_QUEUED) == me)
			return 0; /* a handler over this thread's own exec */
		if (!(w & EXECLOCK_QUEUED) &&
		    !__atomic_compare_exchange_n(
			    &cx_execlock.holder, &w, w | EXECLOCK_QUEUED, 0,
			    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			continue;
		r = cx_wait_on(&cx_execlock.holder, w | EXECLOCK_QUEUED,
			       CHANNEL_HOLDER, until);
		/* One was woken of perhaps many: keep the mark for them. */
		mine = me | EXECLOCK_QUEUED;
		w = load(&cx_execlock.holder);
	}
}

/*
 * Who was kept waiting comes in by an open door only, and has to be told of
 * it.  It is closed if the holder before us died, or if a handler's exec ended
 * our hold before we closed it; and where that handler came between open and
 * wake, nobody was told.
 */
static void reopen(uint32_t me)
{
	if ((load(&cx_execlock.holder) & ~EXECLOCK_QUEUED) == me &&
	    (load(&cx_execlock.state) & EXECLOCK_CLOSED ||
	     load(&cx_execlock.waiting) != 0))
		open_door();
}

/* I4: those who waited for the holder before us go first.  One that was
   cancelled or jumped away while it waited never goes, and is given up. */
static void let_waiters_in(const struct timespec *until)
{
	uint32_t n;

	while ((n = load(&cx_execlock.waiting)) != 0)
		if (cx_wait_on(&cx_execlock.waiting, n, CHANNEL_HOLDER, until) <
			    0 &&
		    __atomic_compare_exchange_n(&cx_execlock.waiting, &n, 0, 0,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return;
}

/* I8: those who are still inside after the wait are taken for dead. */
static void give_up_creators(int32_t own)
{
	uint32_t s = load(&cx_execlock.state);

	while (door_count(s) > own &&
	       !__atomic_compare_exchange_n(
		       &cx_execlock.state, &s,
		       (s & EXECLOCK_FLAGS) + (uint32_t)own * EXECLOCK_ONE, 0,
		       __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/*
 * I3: wait until nobody is inside but ourselves.  Nobody wakes a holder that is
 * itself inside a guarded region (an exec in a handler), since the count
 * does not get to zero: that one looks every millisecond.
 */
static int drain(const struct timespec *until)
{
	struct timespec soon;
	int32_t own = (int32_t)cx_execlock_depth;
	uint32_t s;
	int r = 0;

	for (;;) {
		s = load(&cx_execlock.state);
		if (door_count(s) <= own)
			return 0;
		if (!(s & EXECLOCK_CLOSED))
			return -ETIMEDOUT; /* a creator broke our hold */
		if (r < 0) {
			give_up_creators(own);
			return r;
		}
		if (own) {
			soon = cx_wait_deadline(1);
			cx_wait_on(&cx_execlock.state, s, CHANNEL_HOLDER,
				   &soon);
			r = cx_wait_is_over(until) ? -ETIMEDOUT : 0;
		} else {
			r = cx_wait_on(&cx_execlock.state, s, CHANNEL_HOLDER,
				       until);
		}
	}
}

int cx_execlock_lock_within(uint32_t milliseconds)
{
	struct timespec until = cx_wait_deadline(milliseconds);
	uint32_t me, pid = (uint32_t)sys_getpid();
	int r, d;

	/* Also where a fork could not wipe it. */
	cx_lockpage_reset_if_inherited(0, pid);
	/* The first process of a pid namespace may be the parent of another's,
	   with the same pid. */
	if (pid == 1)
		cx_lockpage_mark();
	mend_depth(0);
	me = own_tid();
	do {
		r = take_hold(me, &until);
		holder_tid = me;
		reopen(me);
		/* Inside a guarded region we may be one of those who wait. */
		if (!cx_execlock_depth)
			let_waiters_in(&until);
		mend();
		/* Acquire: pairs with the step of the last creator. */
		cx_lockpage_initialise(cx_execlock_depth,
				       EXECLOCK_READY | EXECLOCK_CLOSED);
		__atomic_fetch_or(&cx_execlock.state,
				  EXECLOCK_READY | EXECLOCK_CLOSED,
				  __ATOMIC_ACQUIRE);
		d = drain(&until);
		/* An exec in a handler may have ended this hold: again.  (One
		   load, or it may come in between.) */
		if ((load(&cx_execlock.holder) & ~EXECLOCK_QUEUED) == me)
			return r < 0 ? r : d;
	} while (!cx_wait_is_over(&until));
	/* It goes on without; nobody else would open what we closed. */
	if (load(&cx_execlock.holder) == 0)
		open_door();
	return -ETIMEDOUT;
}

int cx_execlock_lock(void)
{
	return cx_execlock_lock_within(cx_wait_timeout());
}

void cx_execlock_unlock(void)
{
	uint32_t w;

	/* Broken by a timeout and taken over, or ended by a nested release; or
	   this is a vfork child, and what looks like ours is its parent's. */
	if (!is_holder() || load(&cx_execlock.pid) != (uint32_t)sys_getpid())
		return;
	holder_tid = 0;
	open_door();
	w = __atomic_exchange_n(&cx_execlock.holder, 0, __ATOMIC_RELEASE);
	if (w & EXECLOCK_QUEUED)
		sys_futex_wake(&cx_execlock.holder, 1, CHANNEL_HOLDER);
}

void cx_execlock_forget_depth(void)
{
	cx_execlock_depth = 0;
}
