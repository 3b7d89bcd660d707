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
 *        cx_execlock_lock(): take_hold(), let_waiters_in(), close, drain()
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
 * I6  The count is never too high for good.  It is too low once a creator has
 *     come back that had been given up: then each exec waits for one creator
 *     too few, until one finds it below zero and sets it right.
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
#include "execlock-words.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>

#include "door.h"
#include "sys.h"
#include "wait.h"

__thread uint32_t cx_execlock_depth;

/* As what this thread has taken the holder's place, 0 if it has not.  A helper
   that execs for it (helper.c) has its TLS but another tid, and may be given
   its handlers. */
static __thread uint32_t holder_tid;

/* The holder's tid, 0 if there is none. */
static uint32_t current_holder(void)
{
	return load(&cx_execlock.holder) & ~EXECLOCK_QUEUED;
}

/* Who we are, as a holder. */
static uint32_t own_tid(void)
{
	uint32_t w = current_holder();

	return w && w == holder_tid ? w : (uint32_t)sys_gettid();
}

int cx_execlock_is_holder(void)
{
	uint32_t w = current_holder();

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
void cx_execlock_open_door(void)
{
	cx_lockpage_mark(); /* I7 */
	__atomic_fetch_and(&cx_execlock.state, ~EXECLOCK_CLOSED,
			   __ATOMIC_ACQ_REL);
	sys_futex_wake(&cx_execlock.state, INT_MAX,
		       CHANNEL_CREATORS | CHANNEL_HOLDER);
}

/*
 * For what the holder does to the door because it is the holder.  An exec in a
 * handler, in between, would end the hold, and the door might be another's by
 * then.
 */
static sys_sigset block_signals(void)
{
	const sys_sigset all = ~(sys_sigset)0;
	sys_sigset mask = 0;

	sys_sigmask(SIG_SETMASK, &all, &mask);
	return mask;
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
 * Waiters come in by an open door only.  It is closed if the holder before us
 * died, or if a handler's exec ended our hold before we closed it.
 */
static void reopen(uint32_t me)
{
	sys_sigset mask;

	if (!(load(&cx_execlock.state) & EXECLOCK_CLOSED))
		return;
	mask = block_signals();
	if (current_holder() == me)
		cx_execlock_open_door();
	sys_sigmask(SIG_SETMASK, &mask, NULL);
}

/*
 * I4: those who waited for the holder before us go first.  One that was
 * cancelled or jumped away while it waited never goes, and is given up.  A
 * thread whose hold was ended by a handler may close the door once more, after
 * we have opened it: so it is looked at again and again.
 */
static void let_waiters_in(uint32_t me, const struct timespec *until)
{
	struct timespec soon;
	uint32_t n;

	while ((n = load(&cx_execlock.waiting)) != 0) {
		reopen(me);
		soon = cx_wait_deadline(1);
		cx_wait_on(&cx_execlock.waiting, n, CHANNEL_HOLDER, &soon);
		if (cx_wait_is_over(until) &&
		    __atomic_compare_exchange_n(&cx_execlock.waiting, &n, 0, 0,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return;
	}
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
	cx_execlock_mend_depth(0);
	me = own_tid();
	do {
		r = take_hold(me, &until);
		holder_tid = me;
		/* Inside a guarded region we may be one of those who wait. */
		if (!cx_execlock_depth)
			let_waiters_in(me, &until);
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
		if (current_holder() == me)
			return r < 0 ? r : d;
	} while (!cx_wait_is_over(&until));
	/* It goes on without; nobody else would open what we closed. */
	if (load(&cx_execlock.holder) == 0)
		cx_execlock_open_door();
	return -ETIMEDOUT;
}

int cx_execlock_lock(void)
{
	return cx_execlock_lock_within(cx_wait_timeout());
}

void cx_execlock_unlock(void)
{
	uint32_t w, me = own_tid();
	sys_sigset mask;

	/* Broken by a timeout and taken over, or ended by a nested release; or
	   this is a vfork child, and what looks like ours is its parent's. */
	if (!cx_execlock_is_holder() ||
	    load(&cx_execlock.pid) != (uint32_t)sys_getpid())
		return;
	mask = block_signals();
	w = load(&cx_execlock.holder);
	if ((w & ~EXECLOCK_QUEUED) == me) {
		holder_tid = 0;
		cx_execlock_open_door();
		while ((w & ~EXECLOCK_QUEUED) == me &&
		       !__atomic_compare_exchange_n(&cx_execlock.holder, &w, 0,
						    0, __ATOMIC_RELEASE,
						    __ATOMIC_RELAXED))
			;
		if (w == (me | EXECLOCK_QUEUED))
			sys_futex_wake(&cx_execlock.holder, 1, CHANNEL_HOLDER);
	}
	sys_sigmask(SIG_SETMASK, &mask, NULL);
}

void cx_execlock_forget_depth(void)
{
	cx_execlock_depth = 0;
}
