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
	check(cx_execlock_lock() == -ETIMEDOUT, "it did not time out");
	cx_execlock_unlock();
	/* Given up: the second exec need not wait for it again. */
	cx_wait_set_timeout(HAMMER_LONG_MS);
	check(cx_execlock_lock() == 0, "the second wait failed");
	cx_execlock_unlock();
	cx_execlock_enter();
	cx_execlock_leave();
	/* And if it comes back after all, that does no lasting harm. */
	pthread_barrier_wait(&holder_gate);
	pthread_join(t, NULL);
	cx_execlock_lock();
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
	cx_execlock_enter(); /* waits in vain, goes on, breaks the hold */
	cx_execlock_leave();
	cx_wait_set_timeout(HAMMER_LONG_MS);
	cx_execlock_enter(); /* so this one does not wait: or we hang here */
	cx_execlock_leave();
	cx_wait_set_timeout(20);
	check(cx_execlock_lock() == -ETIMEDOUT, "two holders");
	cx_execlock_unlock();
	/* Its place was taken over; its late release must not hurt. */
	cx_wait_set_timeout(HAMMER_LONG_MS);
	check(cx_execlock_lock() == 0, "not free again");
	pthread_barrier_wait(&holder_gate);
	pthread_join(t, NULL);
	cx_execlock_unlock();
	hammer_check_idle();
}

static void *lock_and_die(void *arg)
{
	cx_execlock_lock();
	return arg;
}

static void dead_holder(void)
{
	pthread_t t;

	hammer_start(&t, lock_and_die, NULL);
	pthread_join(t, NULL);
	cx_wait_set_timeout(20);
	cx_execlock_lock();
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
	check(cx_execlock_lock() == -ETIMEDOUT, "0 means: do not wait");
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
	check(cx_execlock_lock() == 0, "timed out");
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
	cx_execlock_enter();
	hammer_start(&t, wait_to_write, NULL);
	while (!atomic_load(&holder_tid) ||
	       !asleep_in_futex(atomic_load(&holder_tid)))
		sched_yield();
	for (i = 0; i < 100; i++) {
		cx_execlock_enter();
		cx_execlock_enter();
		check(!atomic_load(&holder_came), "the holder came in");
		cx_execlock_leave();
		cx_execlock_leave();
	}
	cx_execlock_leave();
	pthread_join(t, NULL);
	check(atomic_load(&holder_came), "the holder did not come in");
	hammer_check_idle();
}

static atomic_int handled;

static void lock_in_handler(int sig)
{
	check(cx_execlock_lock() == 0, "waits for itself, signal %d", sig);
	cx_execlock_unlock();
	atomic_fetch_add(&handled, 1);
}

static void enter_in_handler(int sig)
{
	cx_execlock_enter();
	cx_execlock_leave();
	atomic_fetch_add(&handled, sig != 0);
}

static void handlers(void)
{
	cx_wait_set_timeout(HAMMER_LONG_MS);
	signal(SIGUSR1, lock_in_handler);
	signal(SIGUSR2, enter_in_handler);
	cx_execlock_enter();
	raise(SIGUSR1);
	raise(SIGUSR2);
	cx_execlock_leave();
	cx_execlock_lock();
	raise(SIGUSR1); /* ends this hold too: nothing left to release */
	raise(SIGUSR2);
	cx_execlock_unlock();
	cx_execlock_lock();
	raise(SIGUSR2);
	cx_execlock_unlock();
	check(atomic_load(&handled) == 5, "a handler did not run");
	hammer_check_idle();
}

/* ---- Misuse and storms ---- */

static void unpaired_leave(void)
{
	int i;

	cx_execlock_enter();
	cx_execlock_leave();
	cx_execlock_leave();
	for (i = 0; i < 3; i++) {
		cx_execlock_enter();
		cx_execlock_leave();
	}
	cx_execlock_lock();
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
	check(cx_execlock_lock() == -ETIMEDOUT, "it did not time out");
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
	cx_execlock_enter();
	cx_execlock_leave();
	pthread_barrier_init(&holder_gate, NULL, 2);
	hammer_start(&t, holder_inside, NULL);
	pthread_barrier_wait(&holder_gate);
	errno = 4711;
	cx_wait_set_timeout(1);
	cx_execlock_lock();
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
