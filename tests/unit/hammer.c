/* SPDX-License-Identifier: MIT */
#include "hammer.h"

#include <stdatomic.h>
#include <string.h>

#include "execlock.h"
#include "tap.h"
#include "wait.h"

enum { WRITER = 10000 };

void hammer_check_idle(void)
{
	int r;

	cx_wait_set_timeout(0);
	r = cx_execlock_lock(EXECLOCK_NOBODY);
	check(r == 0, "the lock is not idle: %s", strerror(-r));
	cx_execlock_unlock();
}

void hammer_start(pthread_t *t, void *(*fn)(void *), void *arg)
{
	check(pthread_create(t, NULL, fn, arg) == 0, "pthread_create");
}

static struct {
	atomic_int activity;
	atomic_int bad;
	int rounds;
} hammer;

static void *hammer_creator(void *arg)
{
	int i, n;

	for (i = 0; i < hammer.rounds; i++) {
		cx_execlock_enter(EXECLOCK_CREATIONS);
		n = atomic_fetch_add(&hammer.activity, 1) + 1;
		if (n < 1 || n >= WRITER)
			atomic_store(&hammer.bad, n);
		for (n = 0; n < 100; n++)
			atomic_signal_fence(memory_order_seq_cst);
		atomic_fetch_sub(&hammer.activity, 1);
		cx_execlock_leave(EXECLOCK_CREATIONS);
	}
	return arg;
}

static void *hammer_holder(void *arg)
{
	int i, n, r;

	for (i = 0; i < hammer.rounds; i++) {
		r = cx_execlock_lock(EXECLOCK_NO_CREATION);
		n = atomic_fetch_add(&hammer.activity, WRITER) + WRITER;
		if (n != WRITER)
			atomic_store(&hammer.bad, n);
		if (r != 0)
			atomic_store(&hammer.bad, r);
		for (n = 0; n < 100; n++)
			atomic_signal_fence(memory_order_seq_cst);
		atomic_fetch_sub(&hammer.activity, WRITER);
		cx_execlock_unlock();
	}
	return arg;
}

void hammer_run(int holders, int creators, int rounds)
{
	pthread_t t[64];
	int i;

	hammer.rounds = rounds;
	cx_wait_set_timeout(HAMMER_LONG_MS);
	for (i = 0; i < holders; i++)
		hammer_start(&t[i], hammer_holder, NULL);
	for (i = 0; i < creators; i++)
		hammer_start(&t[holders + i], hammer_creator, NULL);
	for (i = 0; i < holders + creators; i++)
		pthread_join(t[i], NULL);
	check(atomic_load(&hammer.bad) == 0,
	      "%d holders, %d creators: activity %d", holders, creators,
	      atomic_load(&hammer.bad));
	hammer_check_idle();
}
