/* SPDX-License-Identifier: MIT */
/*
 * The exec lock by itself: exclusion and fairness.  Waits in here are for
 * events, never for a time to pass; where a wait must not end, the case's own
 * limit ends it.
 */
#include "execlock.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "asleep.h"
#include "hammer.h"
#include "tap.h"
#include "wait.h"

static void hammer_few(void)
{
	hammer_run(2, 1, 1000);
	hammer_run(2, 3, 1000);
	hammer_run(2, 5, 1000);
	hammer_run(2, 10, 1000);
}

static void hammer_many(void)
{
	hammer_run(2, 30, 500);
	hammer_run(20, 20, 100);
}

/* ---- Side by side ---- */

static pthread_barrier_t barrier;

static void *meet_inside(void *arg)
{
	cx_execlock_enter(EXECLOCK_CREATIONS);
	pthread_barrier_wait(&barrier);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	return arg;
}

static void side_by_side(void)
{
	static const unsigned int counts[] = { 1, 3, 4 };
	pthread_t t[4];
	unsigned int i, k;

	for (k = 0; k < 3; k++) {
		pthread_barrier_init(&barrier, NULL, counts[k]);
		for (i = 0; i < counts[k]; i++)
			hammer_start(&t[i], meet_inside, NULL);
		for (i = 0; i < counts[k]; i++)
			pthread_join(t[i], NULL);
		pthread_barrier_destroy(&barrier);
	}
	hammer_check_idle();
}

/* ---- Fairness ---- */

static struct {
	atomic_int baton;	/* who has to come in before who may leave */
	atomic_int stop;
	atomic_int inside;
} relay;

/* One of them is always inside: each leaves only when another one has come
   in, or seems not to because a holder is waiting. */
static void *relay_creator(void *arg)
{
	int i;

	while (!atomic_load(&relay.stop)) {
		cx_execlock_enter(EXECLOCK_CREATIONS);
		atomic_fetch_add(&relay.inside, 1);
		for (i = 0; i < 1000 && atomic_load(&relay.inside) < 2; i++)
			sched_yield();
		atomic_fetch_add(&relay.baton, 1);
		atomic_fetch_sub(&relay.inside, 1);
		cx_execlock_leave(EXECLOCK_CREATIONS);
	}
	return arg;
}

static void *relay_holder(void *arg)
{
	int i;

	for (i = 0; i < 20; i++) {
		check(cx_execlock_lock(EXECLOCK_NO_CREATION) == 0,
		      "a holder timed out");
		cx_execlock_unlock();
	}
	atomic_store(&relay.stop, 1);
	return arg;
}

/*
 * With three creators that overlap all the time, a lock without holder
 * preference lets no holder in.  Here the wait is that of those inside.
 */
static void holder_not_starved(void)
{
	pthread_t r[3], w;
	int i;

	cx_wait_set_timeout(HAMMER_LONG_MS);
	for (i = 0; i < 3; i++)
		hammer_start(&r[i], relay_creator, NULL);
	while (atomic_load(&relay.baton) < 3)
		sched_yield();
	hammer_start(&w, relay_holder, NULL);
	pthread_join(w, NULL);
	for (i = 0; i < 3; i++)
		pthread_join(r[i], NULL);
	hammer_check_idle();
}

static atomic_int stop_writing;

static void *lock_without_pause(void *arg)
{
	while (!atomic_load(&stop_writing)) {
		cx_execlock_lock(EXECLOCK_NO_CREATION);
		cx_execlock_unlock();
	}
	return arg;
}

static void *enter_hundred(void *arg)
{
	int i;

	for (i = 0; i < 100; i++) {
		cx_execlock_enter(EXECLOCK_CREATIONS);
		cx_execlock_leave(EXECLOCK_CREATIONS);
	}
	return arg;
}

static void creators_get_in(void)
{
	pthread_t w[2], r[4];
	int i;

	cx_wait_set_timeout(HAMMER_LONG_MS);
	for (i = 0; i < 2; i++)
		hammer_start(&w[i], lock_without_pause, NULL);
	for (i = 0; i < 4; i++)
		hammer_start(&r[i], enter_hundred, NULL);
	for (i = 0; i < 4; i++)
		pthread_join(r[i], NULL);
	atomic_store(&stop_writing, 1);
	for (i = 0; i < 2; i++)
		pthread_join(w[i], NULL);
	hammer_check_idle();
}

static atomic_int waiter_tid, waiter_came;

static void *wait_to_enter(void *arg)
{
	atomic_store(&waiter_tid, (int)syscall(SYS_gettid));
	cx_execlock_enter(EXECLOCK_CREATIONS);
	atomic_store(&waiter_came, 1);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	return arg;
}

/* A holder that comes back at once finds that the waiting creator was in. */
static void hand_off(void)
{
	pthread_t t;
	int i;

	cx_wait_set_timeout(HAMMER_LONG_MS);
	for (i = 0; i < 50; i++) {
		atomic_store(&waiter_tid, 0);
		atomic_store(&waiter_came, 0);
		cx_execlock_lock(EXECLOCK_NO_CREATION);
		hammer_start(&t, wait_to_enter, NULL);
		while (!atomic_load(&waiter_tid) ||
		       !asleep_in_futex(atomic_load(&waiter_tid)))
			sched_yield();
		cx_execlock_unlock();
		cx_execlock_lock(EXECLOCK_NO_CREATION);
		check(atomic_load(&waiter_came), "round %d: passed over", i);
		cx_execlock_unlock();
		pthread_join(t, NULL);
	}
	hammer_check_idle();
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "hammer: 2 holders, 1 to 10 creators",
		  hammer_few, 120 },
		{ "hammer: more threads than CPUs",
		  hammer_many, 120 },
		{ "1, 3 and 4 creators are inside at once",
		  side_by_side, 30 },
		{ "overlapping creators do not starve a holder",
		  holder_not_starved, 60 },
		{ "back-to-back holders do not starve creators",
		  creators_get_in, 60 },
		{ "a holder first lets in who waited for the one before",
		  hand_off, 60 },
	};

	return tap_main(cases);
}
