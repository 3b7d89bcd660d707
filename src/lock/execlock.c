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
 * Every wait ends after a bounded time and then goes on without: an exec, for
 * what it waits for may never end, and a lost race is what plain exec has; a
 * creator, because an exec stuck on a dead file system must not stop a program
 * from creating threads.  A waiter that waited in vain breaks the hold that it
 * waited for: so a holder that died or jumped away costs a process one wait
 * (I8), not one per thread.
 *
 * There are two such locks (lockpage.h), which know nothing of each other.
 * What is said of "nobody" and "each" is of one of them; what an exec that
 * takes both and a thread that is in both may wait for is at shut_all() and
 * is_nested().
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

__thread uint32_t cx_execlock_depth[EXECLOCK_KINDS];

/* As what this thread has taken the holder's place, 0 if it has not.  A helper
   that execs for it (helper.c) has its TLS but another tid, and may be given
   its handlers. */
static __thread uint32_t holder_tid;

/* The holder's tid, 0 if there is none. */
static uint32_t current_holder(struct execlock *lock)
{
	return load(&lock->holder) & ~EXECLOCK_QUEUED;
}

static int is_holder(uint32_t tid)
{
	return current_holder(&cx_execlock.of[EXECLOCK_CREATIONS]) == tid ||
	       current_holder(&cx_execlock.of[EXECLOCK_REGIONS]) == tid;
}

/* Who we are, as a holder. */
static uint32_t own_tid(void)
{
	const uint32_t tid = holder_tid;

	return tid && is_holder(tid) ? tid : (uint32_t)sys_gettid();
}

int cx_execlock_holds_any(void)
{
	return is_holder(own_tid());
}

/*
 * Release: what the holder did is done before any creator passes.  Acquire:
 * the step back of a creator that went to wait comes with its `waiting`, so
 * the next holder, who gets both from us, knows of everybody that we kept.
 *
 * Wakes always, and not only if `waiting` says so: an exec that failed can
 * afford a system call, and tests/interleave finds who would sleep on where a
 * handler's exec meets another.  The holder is woken too, for when it is a
 * creator that opens the door on it.
 */
void cx_execlock_open_door(struct execlock *lock)
{
	cx_lockpage_mark(); /* I7 */
	__atomic_fetch_and(&lock->state, ~EXECLOCK_CLOSED, __ATOMIC_ACQ_REL);
	sys_futex_wake(&lock->state, INT_MAX,
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
static void mend(struct execlock *lock)
{
	uint32_t s = load(&lock->state);

	if (door_count(s) < 0)
		__atomic_compare_exchange_n(&lock->state, &s,
					    s & EXECLOCK_FLAGS, 0,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* I5: become the holder; -ETIMEDOUT if another one's place was taken over. */
static int take_hold(struct execlock *lock, uint32_t me,
		     struct cx_wait_limit *until)
{
	uint32_t w = 0, mine = me;
	int r = 0;

	for (;;) {
		if (!(w & ~EXECLOCK_QUEUED) || r < 0) {
			if (__atomic_compare_exchange_n(
				    &lock->holder, &w,
				    mine | (w & EXECLOCK_QUEUED), 0,
				    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
				return r;
			continue;
		}
		if ((w & ~EXECLOCK_QUEUED) == me)
			return 0; /* a handler over this thread's own exec */
		if (!(w & EXECLOCK_QUEUED) &&
		    !__atomic_compare_exchange_n(
			    &lock->holder, &w, w | EXECLOCK_QUEUED, 0,
			    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			continue;
		r = cx_wait_on(&lock->holder, w | EXECLOCK_QUEUED,
			       CHANNEL_HOLDER, until);
		/* One was woken of perhaps many: keep the mark for them. */
		mine = me | EXECLOCK_QUEUED;
		w = load(&lock->holder);
	}
}

/*
 * Waiters come in by an open door only.  It is closed if the holder before us
 * died, or if a handler's exec ended our hold before we closed it.
 */
static void reopen(struct execlock *lock, uint32_t me)
{
	sys_sigset mask;

	if (!(load(&lock->state) & EXECLOCK_CLOSED))
		return;
	mask = block_signals();
	if (current_holder(lock) == me)
		cx_execlock_open_door(lock);
	sys_sigmask(SIG_SETMASK, &mask, NULL);
}

/*
 * I4: those who waited for the holder before us go first.  One that was
 * cancelled or jumped away while it waited never goes, and is given up.  A
 * thread whose hold was ended by a handler may close the door once more, after
 * we have opened it: so it is looked at again and again.
 */
static void let_waiters_in(struct execlock *lock, uint32_t me,
			   struct cx_wait_limit *until)
{
	struct cx_wait_limit soon;
	uint32_t n;

	while ((n = load(&lock->waiting)) != 0) {
		reopen(lock, me);
		cx_wait_begin(until);
		soon = cx_wait_within(1);
		cx_wait_on(&lock->waiting, n, CHANNEL_HOLDER, &soon);
		if (cx_wait_is_over(until) &&
		    __atomic_compare_exchange_n(&lock->waiting, &n, 0, 0,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return;
	}
}

/* I8: those who are still inside after the wait are taken for dead. */
static void give_up_creators(struct execlock *lock, int32_t own)
{
	uint32_t s = load(&lock->state);

	while (door_count(s) > own &&
	       !__atomic_compare_exchange_n(
		       &lock->state, &s,
		       (s & EXECLOCK_FLAGS) + (uint32_t)own * EXECLOCK_ONE, 0,
		       __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/*
 * I3: wait until nobody is inside but ourselves.  Nobody wakes a holder that is
 * itself inside a guarded region (an exec in a handler), since the count
 * does not get to zero: that one looks every millisecond.
 */
static int drain(struct execlock *lock, int32_t own,
		 struct cx_wait_limit *until)
{
	struct cx_wait_limit soon;
	uint32_t s;
	int r = 0;

	for (;;) {
		s = load(&lock->state);
		if (door_count(s) <= own)
			return 0;
		if (!(s & EXECLOCK_CLOSED))
			return -ETIMEDOUT; /* a creator broke our hold */
		if (r < 0) {
			give_up_creators(lock, own);
			return r;
		}
		if (own) {
			cx_wait_begin(until);
			soon = cx_wait_within(1);
			cx_wait_on(&lock->state, s, CHANNEL_HOLDER, &soon);
			r = cx_wait_is_over(until) ? -ETIMEDOUT : 0;
		} else {
			r = cx_wait_on(&lock->state, s, CHANNEL_HOLDER, until);
		}
	}
}

/*
 * The way to CLOSED.  An exec in a handler may end the hold at any point of it,
 * so the caller looks whether it is still there.
 */
static int shut(enum execlock_kind kind, uint32_t me,
		struct cx_wait_limit *until)
{
	struct execlock *lock = &cx_execlock.of[kind];
	const uint32_t depth = cx_execlock_depth[kind];
	int r = take_hold(lock, me, until), d;

	holder_tid = me;
	/* Inside a guarded region we may be one of those who wait. */
	if (!depth)
		let_waiters_in(lock, me, until);
	mend(lock);
	/* Acquire: pairs with the step of the last creator. */
	cx_lockpage_initialise(lock, depth, EXECLOCK_READY | EXECLOCK_CLOSED);
	__atomic_fetch_or(&lock->state, EXECLOCK_READY | EXECLOCK_CLOSED,
			  __ATOMIC_ACQUIRE);
	d = drain(lock, (int32_t)depth, until);
	return r < 0 ? r : d;
}

static int is_in(enum execlock_set set, enum execlock_kind kind)
{
	return ((unsigned int)set >> kind & 1) != 0;
}

static int shut_all(enum execlock_set set, uint32_t me,
		    struct cx_wait_limit *until)
{
	enum execlock_kind kind;
	int r = 0, one;

	/* Creations first: see is_nested() in creators.c. */
	for (kind = 0; kind < EXECLOCK_KINDS; kind++) {
		one = is_in(set, kind) ? shut(kind, me, until) : 0;
		if (one < 0)
			r = one;
	}
	return r;
}

/* (One load each, or another may come in between.) */
static int holds_all(enum execlock_set set, uint32_t me)
{
	enum execlock_kind kind;

	for (kind = 0; kind < EXECLOCK_KINDS; kind++)
		if (is_in(set, kind) &&
		    current_holder(&cx_execlock.of[kind]) != me)
			return 0;
	return 1;
}

int cx_execlock_lock_within(enum execlock_set set, uint32_t milliseconds)
{
	struct cx_wait_limit until = cx_wait_within(milliseconds);
	uint32_t me, pid = (uint32_t)cx_lockpage_pid();
	enum execlock_kind kind;
	int r;

	/* Also where a fork could not wipe it. */
	cx_lockpage_reset_if_inherited(0, 0, pid);
	/* The first process of a pid namespace may be the parent of another's,
	   with the same pid. */
	if (pid == 1)
		cx_lockpage_mark();
	for (kind = 0; kind < EXECLOCK_KINDS; kind++)
		cx_execlock_mend_depth(kind, 0);
	me = own_tid();
	/* A handler over an exec that holds less: what it had is given up, for
	   whoever has the rest may wait for that. */
	if (is_holder(me) && !holds_all(set, me))
		cx_execlock_unlock();
	for (;;) {
		r = shut_all(set, me, &until);
		if (holds_all(set, me))
			return r;
		/* An exec in a handler has ended a hold: again, in order. */
		if (cx_wait_is_over(&until))
			break;
		cx_execlock_unlock();
	}
	/* It goes on without; nobody else would open what we closed. */
	for (kind = 0; kind < EXECLOCK_KINDS; kind++)
		if (is_in(set, kind) && load(&cx_execlock.of[kind].holder) == 0)
			cx_execlock_open_door(&cx_execlock.of[kind]);
	return -ETIMEDOUT;
}

int cx_execlock_lock(enum execlock_set set)
{
	return cx_execlock_lock_within(set, cx_wait_timeout());
}

/* Signals are blocked. */
static void release(struct execlock *lock, uint32_t me)
{
	uint32_t w = load(&lock->holder);

	if ((w & ~EXECLOCK_QUEUED) != me)
		return;
	cx_execlock_open_door(lock);
	while ((w & ~EXECLOCK_QUEUED) == me &&
	       !__atomic_compare_exchange_n(&lock->holder, &w, 0, 0,
					    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
	if (w == (me | EXECLOCK_QUEUED))
		sys_futex_wake(&lock->holder, 1, CHANNEL_HOLDER);
}

void cx_execlock_unlock(void)
{
	const uint32_t me = own_tid();
	sys_sigset mask;

	/* Broken by a timeout and taken over, or ended by a nested release. */
	if (!is_holder(me))
		return;
	mask = block_signals();
	holder_tid = 0;
	release(&cx_execlock.of[EXECLOCK_REGIONS], me);
	release(&cx_execlock.of[EXECLOCK_CREATIONS], me);
	sys_sigmask(SIG_SETMASK, &mask, NULL);
}

void cx_execlock_forget_depth(void)
{
	cx_execlock_depth[EXECLOCK_CREATIONS] = 0;
	cx_execlock_depth[EXECLOCK_REGIONS] = 0;
}
