/* SPDX-License-Identifier: MIT */
/*
 * The exec lock by itself: waits that are bounded, nesting, handlers, misuse.
 * See execlock.c for its everyday life, execlock-forks.c for forks.
 */
#include "execlock.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "asleep.h"
#include "hammer.h"
#include "holder.h"
#include "tap.h"
#include "wait.h"

/* ---- Bounded waits ---- */

static void stuck_creator(void)
{
	pthread_t t;

	pthread_barrier_init(&holder_gate, NULL, 2);
	hammer_start(&t, holder_inside, NULL);
	pthread_barrier_wait(&holder_gate);
	cx_wait_set_timeout(20);
	check(cx_execlock_lock(EXECLOCK_NO_CREATION) == -ETIMEDOUT,
	      "it did not time out");
	cx_execlock_unlock();
	/* Given up: the second exec need not wait for it again. */
	cx_wait_set_timeout(HAMMER_LONG_MS);
	check(cx_execlock_lock(EXECLOCK_NO_CREATION) == 0,
	      "the second wait failed");
	cx_execlock_unlock();
	cx_execlock_enter(EXECLOCK_CREATIONS);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	/* And if it comes back after all, that does no lasting harm. */
	pthread_barrier_wait(&holder_gate);
	pthread_join(t, NULL);
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	cx_execlock_unlock();
	hammer_run(2, 3, 200);
}

static void stuck_holder(void)
{
	pthread_t t;

	pthread_barrier_init(&holder_gate, NULL, 2);
	hammer_start(&t, holder_exec, NULL);
	pthread_barrier_wait(&holder_gate);
	cx_wait_set_timeout(20);
	/* Waits in vain, goes on, breaks the hold. */
	cx_execlock_enter(EXECLOCK_CREATIONS);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	cx_wait_set_timeout(HAMMER_LONG_MS);
	/* So this one does not wait: or we hang here. */
	cx_execlock_enter(EXECLOCK_CREATIONS);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	cx_wait_set_timeout(20);
	check(cx_execlock_lock(EXECLOCK_NO_CREATION) == -ETIMEDOUT,
	      "two holders");
	cx_execlock_unlock();
	/* Its place was taken over; its late release must not hurt. */
	cx_wait_set_timeout(HAMMER_LONG_MS);
	check(cx_execlock_lock(EXECLOCK_NO_CREATION) == 0,
	      "not free again");
	pthread_barrier_wait(&holder_gate);
	pthread_join(t, NULL);
	cx_execlock_unlock();
	hammer_check_idle();
}

static void *lock_and_die(void *arg)
{
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	return arg;
}

static void dead_holder(void)
{
	pthread_t t;

	hammer_start(&t, lock_and_die, NULL);
	pthread_join(t, NULL);
	cx_wait_set_timeout(20);
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	cx_execlock_unlock();
	hammer_check_idle();
}

static void no_wait_at_all(void)
{
	pthread_t t;

	pthread_barrier_init(&holder_gate, NULL, 2);
	hammer_start(&t, holder_inside, NULL);
	pthread_barrier_wait(&holder_gate);
	cx_wait_set_timeout(0);
	check(cx_execlock_lock(EXECLOCK_NO_CREATION) == -ETIMEDOUT,
	      "0 means: do not wait");
	cx_execlock_unlock();
	check(cx_wait_set_timeout(WAIT_TIMEOUT_MAX) == 0, "an hour");
	check(cx_wait_set_timeout(WAIT_TIMEOUT_MAX + 1) == -EINVAL,
	      "more than an hour");
	pthread_barrier_wait(&holder_gate);
	pthread_join(t, NULL);
}

/* ---- Nesting, handlers, forks ---- */

static atomic_int holder_tid, holder_came;

static void *wait_to_write(void *arg)
{
	atomic_store(&holder_tid, (int)syscall(SYS_gettid));
	check(cx_execlock_lock(EXECLOCK_NO_CREATION) == 0,
	      "timed out");
	atomic_store(&holder_came, 1);
	cx_execlock_unlock();
	return arg;
}

/* The door is closed, for the holder sleeps until we are out. */
static void nested(void)
{
	pthread_t t;
	int i;

	cx_wait_set_timeout(HAMMER_LONG_MS);
	cx_execlock_enter(EXECLOCK_CREATIONS);
	hammer_start(&t, wait_to_write, NULL);
	while (!atomic_load(&holder_tid) ||
	       !asleep_in_futex(atomic_load(&holder_tid)))
		sched_yield();
	for (i = 0; i < 100; i++) {
		cx_execlock_enter(EXECLOCK_CREATIONS);
		cx_execlock_enter(EXECLOCK_CREATIONS);
		check(!atomic_load(&holder_came), "the holder came in");
		cx_execlock_leave(EXECLOCK_CREATIONS);
		cx_execlock_leave(EXECLOCK_CREATIONS);
	}
	cx_execlock_leave(EXECLOCK_CREATIONS);
	pthread_join(t, NULL);
	check(atomic_load(&holder_came), "the holder did not come in");
	hammer_check_idle();
}

static void *shut_everything(void *arg)
{
	atomic_store(&holder_tid, (int)syscall(SYS_gettid));
	check(cx_execlock_lock(EXECLOCK_NOBODY) == 0, "timed out");
	atomic_store(&holder_came, 1);
	cx_execlock_unlock();
	return arg;
}

/* What two exec's are kept out of, one in the other: the exec that shuts both
   waits for us, whichever we came into first. */
static void nested_kinds(void)
{
	enum execlock_kind outer, inner;
	pthread_t t;

	cx_wait_set_timeout(HAMMER_LONG_MS);
	for (outer = 0; outer < EXECLOCK_KINDS; outer++) {
		inner = !outer;
		atomic_store(&holder_tid, 0);
		atomic_store(&holder_came, 0);
		cx_execlock_enter(outer);
		hammer_start(&t, shut_everything, NULL);
		while (!atomic_load(&holder_tid) ||
		       !asleep_in_futex(atomic_load(&holder_tid)))
			sched_yield();
		cx_execlock_enter(inner);
		check(!atomic_load(&holder_came), "the holder came in");
		cx_execlock_leave(inner);
		cx_execlock_leave(outer);
		pthread_join(t, NULL);
		check(atomic_load(&holder_came), "the holder did not come in");
	}
	hammer_check_idle();
}

/* One kind's door is none to the other's creators. */
static void apart(void)
{
	cx_wait_set_timeout(HAMMER_LONG_MS);
	cx_execlock_lock(EXECLOCK_NO_REGION);
	cx_execlock_enter(EXECLOCK_CREATIONS);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	cx_execlock_unlock();
	cx_execlock_enter(EXECLOCK_CREATIONS);
	check(cx_execlock_lock(EXECLOCK_NO_REGION) == 0, "it waited");
	cx_execlock_unlock();
	cx_execlock_leave(EXECLOCK_CREATIONS);
	hammer_check_idle();
}

static atomic_int handled;

static void lock_in_handler(int sig)
{
	check(cx_execlock_lock(EXECLOCK_NO_CREATION) == 0,
	      "waits for itself, signal %d", sig);
	cx_execlock_unlock();
	atomic_fetch_add(&handled, 1);
}

static void enter_in_handler(int sig)
{
	cx_execlock_enter(EXECLOCK_CREATIONS);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	atomic_fetch_add(&handled, sig != 0);
}

static void handlers(void)
{
	cx_wait_set_timeout(HAMMER_LONG_MS);
	signal(SIGUSR1, lock_in_handler);
	signal(SIGUSR2, enter_in_handler);
	cx_execlock_enter(EXECLOCK_CREATIONS);
	raise(SIGUSR1);
	raise(SIGUSR2);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	raise(SIGUSR1); /* ends this hold too: nothing left to release */
	raise(SIGUSR2);
	cx_execlock_unlock();
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	raise(SIGUSR2);
	cx_execlock_unlock();
	check(atomic_load(&handled) == 5, "a handler did not run");
	hammer_check_idle();
}

/* ---- Misuse and storms ---- */

static void unpaired_leave(void)
{
	int i;

	cx_execlock_enter(EXECLOCK_CREATIONS);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	for (i = 0; i < 3; i++) {
		cx_execlock_enter(EXECLOCK_CREATIONS);
		cx_execlock_leave(EXECLOCK_CREATIONS);
	}
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	cx_execlock_unlock();
	hammer_run(2, 3, 200);
}

static void count_signal(int sig)
{
	atomic_fetch_add(&handled, sig != 0);
}

/* Waits that signals interrupt all the time still end, and only when due. */
static void signal_storm(void)
{
	struct itimerval every = { { 0, 100 }, { 0, 100 } };
	pthread_t t;

	pthread_barrier_init(&holder_gate, NULL, 2);
	hammer_start(&t, holder_inside, NULL);
	pthread_barrier_wait(&holder_gate);
	signal(SIGALRM, count_signal);
	setitimer(ITIMER_REAL, &every, NULL);
	cx_wait_set_timeout(100);
	check(cx_execlock_lock(EXECLOCK_NO_CREATION) == -ETIMEDOUT,
	      "it did not time out");
	cx_execlock_unlock();
	memset(&every, 0, sizeof every);
	setitimer(ITIMER_REAL, &every, NULL);
	check(atomic_load(&handled) > 0, "no signal came");
	pthread_barrier_wait(&holder_gate);
	pthread_join(t, NULL);
}

static void leaves_errno(void)
{
	pthread_t t;

	errno = 4711;
	cx_execlock_enter(EXECLOCK_CREATIONS);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	pthread_barrier_init(&holder_gate, NULL, 2);
	hammer_start(&t, holder_inside, NULL);
	pthread_barrier_wait(&holder_gate);
	errno = 4711;
	cx_wait_set_timeout(1);
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	cx_execlock_unlock();
	check(errno == 4711, "errno is %d", errno);
	pthread_barrier_wait(&holder_gate);
	pthread_join(t, NULL);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "a stuck creator costs one bounded wait",
		  stuck_creator, 60 },
		{ "a stuck holder costs one bounded wait",
		  stuck_holder, 60 },
		{ "a dead holder costs one bounded wait",
		  dead_holder, 60 },
		{ "a time of 0, and one too long",
		  no_wait_at_all, 60 },
		{ "the shared side nests while a holder waits",
		  nested, 60 },
		{ "a creation in a region, a region in a creation",
		  nested_kinds, 60 },
		{ "one kind's door is none to the other's creators",
		  apart, 60 },
		{ "signal handlers inside either side",
		  handlers, 60 },
		{ "a leave too many is mended",
		  unpaired_leave, 60 },
		{ "waits end in time under signals",
		  signal_storm, 60 },
		{ "errno is left alone",
		  leaves_errno, 60 },
	};

	return tap_main(cases);
}
