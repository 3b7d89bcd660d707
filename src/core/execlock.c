/* SPDX-License-Identifier: MIT */
/*
 * The seed of this lock is Go's execLock of 2017, one mutex around every
 * thread creation and every exec; this is its wish, a lock that lets
 * creations run side by side.  The order of business:
 *
 *	creator	 add one to the count; if the door was open, in it is
 *		 ... clone(2) ...
 *		 take one from the count; the last one out of a closed
 *		 door wakes the exec
 *	exec	 become the writer; let those in whom the last writer kept
 *		 waiting; close the door; wait until the count is zero
 *		 ... execve(2) ...
 *		 open the door, wake those who wait, let the next writer in
 *
 * A creator pays two atomic operations on one word.  An exec, which costs a
 * thousand times more, pays for everything else.  model/execlock.pml is this
 * algorithm.
 *
 * Writers are preferred: from the moment the door closes no new creator gets
 * in, so an exec waits for those inside and for nobody else.  Creators are
 * not starved by execs that fail back to back: a writer first lets in all
 * who waited for the one before it (the token hand-off of Go's RWMutex).
 *
 * Every wait ends after a bounded time and then goes on without: an exec,
 * because a private fs does not need the lock; a creator, because an exec
 * stuck on a dead file system must not stop a program from creating threads.
 * Whoever waited in vain breaks the hold that it waited for, so a holder
 * that died or jumped away costs a process one wait, not one per thread.
 */
#include "execlock.h"

#include <errno.h>
#include <limits.h>
#include <sys/mman.h>

#include "sys.h"
#include "wait.h"

/*
 * The state word.  Creators add and subtract 1 without looking first, so the
 * count is in the low bits and two flags say to what the sum belongs.
 *
 * OPEN	  Set: creators may pass.  It is the sign bit, because the sum's
 *	  sign is what an atomic add leaves in the CPU's flags.  Set by the
 *	  first user, cleared by a writer, set again when it releases or by a
 *	  creator that waited in vain.  Set too early lets a creator into an
 *	  exec: EAGAIN or, under the strategy `lock` only, lost privileges,
 *	  which is what a program without the lock has.  Set too late costs a
 *	  bounded wait.
 * READY  Set by the first user in the same step as OPEN, cleared only by the
 *	  fork that wipes the page: tells a closed door from an unused one.
 * COUNT  Creators inside, and for a moment those that found the door closed
 *	  and have not stepped back yet.  Too high costs an exec a bounded
 *	  wait, after which it is set right.  Too low (a creator that came
 *	  back after an exec had given it up) lets one exec wait for one
 *	  creator too few; below zero is absurd and set right by the next.
 */
#define OPEN	(1u << 31)
#define READY	(1u << 30)
#define COUNT	((1u << 30) - 1)
#define ABSURD	(1u << 29)	/* more creators than threads can exist */

/* A futex channel for each kind of sleeper on the state word. */
enum { CHANNEL_CREATORS = 1, CHANNEL_WRITER = 2 };

/*
 * The writer word: the tid of the writer, and this flag if others may be
 * asleep for its place.  Set needlessly it costs a system call.  A stale tid
 * (the thread died or jumped out of its exec) costs the next writer one
 * bounded wait, then the place is taken over.
 */
#define QUEUED	(1u << 31)

/*
 * All of it in a page of its own that a forked child finds zeroed
 * (MADV_WIPEONFORK, Linux 4.14): a child has none of the threads that its
 * parent's words speak of.  That catches forks by raw system call as well.
 * Static, so there is nothing to construct or to allocate.
 */
static union {
	struct {
		uint32_t state;
		uint32_t writer;
		uint32_t waiting;	/* creators who found it closed */
		uint32_t pid;		/* of the first user: a vfork child's differs */
	};
	char page[ARCH_PAGE_MAX];
} lock __attribute__((aligned(ARCH_PAGE_MAX)));

static uint32_t timeout_ms = 2000;

/*
 * How many guarded regions this thread is in.  Only for questions about
 * oneself: may I wait for the writer (not if it waits for me), and is the
 * creator that I would wait for myself?
 */
static __thread uint32_t depth;

/* As what this thread has taken the writer's place, 0 if it has not.  A helper
   that execs for it (helper.c) has its TLS but another tid, and may be given
   its handlers. */
static __thread uint32_t writer_tid;

/* The handler of a signal on this thread sees what stands before it done. */
static inline void order_against_handlers(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static struct timespec deadline(void)
{
	return cx_wait_deadline(__atomic_load_n(&timeout_ms,
						__ATOMIC_RELAXED));
}

static uint32_t load(uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/* Who we are, as a writer. */
static uint32_t own_tid(void)
{
	uint32_t w = load(&lock.writer) & ~QUEUED;

	return w && w == writer_tid ? w : (uint32_t)sys_gettid();
}

static int is_writer(void)
{
	uint32_t w = load(&lock.writer) & ~QUEUED;

	return w && w == own_tid();
}

/*
 * First use in this process, which may be a forked child whose thread was
 * inside guarded regions when it forked: they go on in the child and their
 * leaves are still to come, so they are counted.  (Unless another thread of
 * the child comes first: then one exec may wait for one creator too few.)
 * `own` is what the caller has in the count already.  One compare-and-swap does it all, so nobody
 * finds the work half done, and it cannot be done twice.
 */
static void initialise(uint32_t own)
{
	uint32_t s = load(&lock.state);

	if (s & (READY | OPEN))
		return;
	sys_madvise(&lock, sizeof lock, MADV_WIPEONFORK);
	__atomic_store_n(&lock.pid, (uint32_t)sys_getpid(), __ATOMIC_RELAXED);
	while (!(s & (READY | OPEN)))
		if (__atomic_compare_exchange_n(
			    &lock.state, &s, (s + depth - own) | READY | OPEN,
			    0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			break;
	sys_futex_wake(&lock.state, INT_MAX, CHANNEL_CREATORS);
}

/*
 * Release: what the writer did is done before any creator passes.  Acquire:
 * the step_out() of a creator that went to wait comes with its `waiting`, so
 * the next writer, who gets both from us, knows of everybody that we kept.
 *
 * Wakes always, and not only if `waiting` says so: an exec that failed can
 * afford a system call.  The writer is woken too, for when it is a creator
 * that opens the door on it.
 */
static void open_door(void)
{
	__atomic_fetch_or(&lock.state, OPEN, __ATOMIC_ACQ_REL);
	sys_futex_wake(&lock.state, INT_MAX, CHANNEL_CREATORS | CHANNEL_WRITER);
}

/* An unpaired leave went below zero and borrowed from the flags. */
static int mend(uint32_t s)
{
	return (s & COUNT) > ABSURD &&
	       __atomic_compare_exchange_n(&lock.state, &s, OPEN | READY, 0,
					   __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* Acquire: pairs with open_door().  The sum that it made. */
static inline uint32_t step_in(void)
{
	return __atomic_add_fetch(&lock.state, 1, __ATOMIC_ACQUIRE);
}

/* Release: pairs with the load of drain(), so the clone is over for it. */
static inline uint32_t step_out(void)
{
	return __atomic_sub_fetch(&lock.state, 1, __ATOMIC_RELEASE);
}

/* Take ourselves from the count of a closed door; the last one wakes. */
static void step_back(void)
{
	if (step_out() == READY)
		sys_futex_wake(&lock.state, INT_MAX, CHANNEL_WRITER);
}

/* Unless a writer has given us up. */
static void stop_waiting(void)
{
	uint32_t n = load(&lock.waiting);

	while (n && !__atomic_compare_exchange_n(&lock.waiting, &n, n - 1, 0,
						 __ATOMIC_RELAXED,
						 __ATOMIC_RELAXED))
		;
	if (n == 1)
		sys_futex_wake(&lock.waiting, INT_MAX, CHANNEL_WRITER);
}

/*
 * The count has us in it, but the door was closed.  Step back and wait in
 * `waiting`, which the next writer respects.
 */
static void wait_for_door(void)
{
	struct timespec until = deadline();
	uint32_t s;
	int r = 0;

	__atomic_fetch_add(&lock.waiting, 1, __ATOMIC_RELAXED);
	step_back();
	for (;;) {
		s = load(&lock.state);
		if (mend(s))
			continue;
		if (!(s & OPEN) && r == 0) {
			r = cx_wait_on(&lock.state, s, CHANNEL_CREATORS, &until);
			continue;
		}
		if (!(s & OPEN))
			open_door(); /* waited in vain: break the hold */
		if ((step_in() & OPEN) || r < 0)
			break; /* in; or closed again at once: go on */
		step_back();
	}
	stop_waiting();
}

static __attribute__((noinline)) void enter_slowly(uint32_t s)
{
	if (!(s & READY)) {
		initialise(1);
		if (load(&lock.state) & OPEN)
			return;
	}
	/* Nested: the writer waits for our outer region, not we for it. */
	if (depth > 1)
		return;
	/* A handler that interrupted this thread's own exec. */
	if (is_writer())
		return;
	wait_for_door();
}

/*
 * Depth first, then the count: a handler that execs in between believes that
 * it is inside, and waits for one creator too few.  The other way round it
 * would wait for itself.
 */
void cx_execlock_enter(void)
{
	uint32_t s;

	depth++;
	order_against_handlers();
	s = step_in();
	if (__builtin_expect((int32_t)s >= 0, 0))
		enter_slowly(s);
}

/* The door is closed: the last one out wakes the writer. */
static __attribute__((noinline)) void leave_slowly(uint32_t old)
{
	if (old == (READY | 1))
		sys_futex_wake(&lock.state, INT_MAX, CHANNEL_WRITER);
	/* Entered before a fork, or given up by an exec: put it back. */
	if ((old & COUNT) == 0)
		__atomic_fetch_add(&lock.state, 1, __ATOMIC_RELAXED);
}

/* The count first: see cx_execlock_enter(). */
void cx_execlock_leave(void)
{
	uint32_t old;

	old = __atomic_fetch_sub(&lock.state, 1, __ATOMIC_RELEASE);
	order_against_handlers();
	depth--;
	if (__builtin_expect((int32_t)old >= 0, 0))
		leave_slowly(old);
}

/* Become the writer; -ETIMEDOUT if another one's place was taken over. */
static int take_writer(uint32_t me, const struct timespec *until)
{
	uint32_t w = 0, mine = me;
	int r = 0;

	for (;;) {
		if (!(w & ~QUEUED) || r < 0) {
			if (__atomic_compare_exchange_n(
				    &lock.writer, &w, mine | (w & QUEUED), 0,
				    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
				return r;
			continue;
		}
		if ((w & ~QUEUED) == me)
			return 0; /* a handler over this thread's own exec */
		if (!(w & QUEUED) &&
		    !__atomic_compare_exchange_n(&lock.writer, &w, w | QUEUED,
						 0, __ATOMIC_RELAXED,
						 __ATOMIC_RELAXED))
			continue;
		r = cx_wait_on(&lock.writer, w | QUEUED, CHANNEL_WRITER, until);
		/* One was woken of perhaps many: keep the mark for them. */
		mine = me | QUEUED;
		w = load(&lock.writer);
	}
}

/*
 * Who was kept waiting comes in by an open door only, and has to be told of
 * it.  It is closed if the writer before us died, or if a handler's exec ended
 * our hold before we closed it; and where that handler came between open and
 * wake, nobody was told.
 */
static void reopen(uint32_t me)
{
	if ((load(&lock.writer) & ~QUEUED) == me &&
	    (!(load(&lock.state) & OPEN) || load(&lock.waiting) != 0))
		open_door();
}

/* The hand-off: those who waited for the writer before us go first.  Who was
   cancelled or jumped away while it waited never goes, and is given up. */
static void let_waiters_in(const struct timespec *until)
{
	uint32_t n;

	while ((n = load(&lock.waiting)) != 0)
		if (cx_wait_on(&lock.waiting, n, CHANNEL_WRITER, until) < 0 &&
		    __atomic_compare_exchange_n(&lock.waiting, &n, 0, 0,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return;
}

/* Those who are still inside after the wait are taken for dead. */
static void give_up_creators(uint32_t own)
{
	uint32_t s = load(&lock.state);

	while ((s & COUNT) > own &&
	       !__atomic_compare_exchange_n(&lock.state, &s, (s & ~COUNT) | own,
					    0, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED))
		;
}

/*
 * Wait until nobody is inside but ourselves.  Nobody wakes a writer that is
 * itself inside a guarded region (an exec in a handler), since the count
 * does not get to zero: that one looks every millisecond.
 */
static int drain(const struct timespec *until)
{
	struct timespec soon;
	uint32_t s, own = depth < ABSURD ? depth : 0;
	int r = 0;

	for (;;) {
		s = load(&lock.state);
		if ((s & COUNT) <= own)
			return 0;
		if (s & OPEN)
			return -ETIMEDOUT; /* a creator broke our hold */
		if (r < 0) {
			give_up_creators(own);
			return r;
		}
		if (own) {
			soon = cx_wait_deadline(1);
			cx_wait_on(&lock.state, s, CHANNEL_WRITER, &soon);
			r = cx_wait_is_over(until) ? -ETIMEDOUT : 0;
		} else {
			r = cx_wait_on(&lock.state, s, CHANNEL_WRITER, until);
		}
	}
}

int cx_execlock_lock(void)
{
	struct timespec until = deadline();
	uint32_t me = own_tid();
	int r, d;

	initialise(0);
	/* Again, for where a fork could not wipe it. */
	__atomic_store_n(&lock.pid, (uint32_t)sys_getpid(), __ATOMIC_RELAXED);
	do {
		r = take_writer(me, &until);
		writer_tid = me;
		reopen(me);
		/* Inside a guarded region we may be one of those who wait. */
		if (!depth)
			let_waiters_in(&until);
		mend(load(&lock.state));
		/* Acquire: pairs with step_out() of the last creator. */
		__atomic_fetch_and(&lock.state, ~OPEN, __ATOMIC_ACQUIRE);
		d = drain(&until);
		/* An exec in a handler may have ended this hold: again.  (One
		   load, or it may come in between.) */
		if ((load(&lock.writer) & ~QUEUED) == me)
			return r < 0 ? r : d;
	} while (!cx_wait_is_over(&until));
	/* It goes on without; nobody else would open what we closed. */
	if (load(&lock.writer) == 0)
		open_door();
	return -ETIMEDOUT;
}

void cx_execlock_unlock(void)
{
	uint32_t w;

	/* Broken by a timeout and taken over, or ended by a nested release; or
	   this is a vfork child, and what looks like ours is its parent's. */
	if (!is_writer() || load(&lock.pid) != (uint32_t)sys_getpid())
		return;
	writer_tid = 0;
	open_door();
	w = __atomic_exchange_n(&lock.writer, 0, __ATOMIC_RELEASE);
	if (w & QUEUED)
		sys_futex_wake(&lock.writer, 1, CHANNEL_WRITER);
}

int cx_execlock_set_timeout(unsigned int milliseconds)
{
	if (milliseconds > EXECLOCK_TIMEOUT_MAX)
		return -EINVAL;
	__atomic_store_n(&timeout_ms, milliseconds, __ATOMIC_RELAXED);
	return 0;
}

int cx_execlock_owner_pid(void)
{
	return (int)__atomic_load_n(&lock.pid, __ATOMIC_RELAXED);
}

void cx_execlock_forget_depth(void)
{
	depth = 0;
}
