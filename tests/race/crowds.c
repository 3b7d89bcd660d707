/* SPDX-License-Identifier: MIT */
/*
 * P5 for crowds: many creators, many execs, and neither starves the other.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include <clonexec.h>

#include "storms/storm.h"
#include "tap.h"

enum { NEVER_MS = 600000 };

static pthread_barrier_t gate;

static atomic_int created;
static atomic_int enough;

static void *end_at_once(void *arg)
{
	return arg;
}

static void *create_detached(void *arg)
{
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 65536);
	while (!atomic_load(&enough))
		if (cx_pthread_create(&t, &attr, end_at_once, NULL) == 0)
			atomic_fetch_add(&created, 1);
	return arg;
}

/* Where the default pthread_rwlock takes seconds or for ever. */
static void eight_creators(void)
{
	pthread_t t;
	int i;

	cx_set_timeout(NEVER_MS);
	for (i = 0; i < 8; i++)
		check(pthread_create(&t, NULL, create_detached, NULL) == 0,
		      "thread");
	while (atomic_load(&created) < 100)
		usleep(100);
	storm_exec_ok();
}

static void writer_gets_in(void)
{
	storm_each(eight_creators, -1);
}

static void *fail_to_exec(void *arg)
{
	while (!atomic_load(&enough))
		cx_execv("/nowhere", storm_sh);
	return arg;
}

static void creators_get_in(void)
{
	pthread_t f[2], c[4];
	int i;

	cx_set_timeout(NEVER_MS);
	for (i = 0; i < 2; i++)
		pthread_create(&f[i], NULL, fail_to_exec, NULL);
	for (i = 0; i < 4; i++)
		pthread_create(&c[i], NULL, create_detached, NULL);
	while (atomic_load(&created) < 2000)
		usleep(100);
	atomic_store(&enough, 1);
	for (i = 0; i < 2; i++)
		pthread_join(f[i], NULL);
	for (i = 0; i < 4; i++)
		pthread_join(c[i], NULL);
}

static void *exec_at_gate(void *arg)
{
	pthread_barrier_wait(&gate);
	storm_exec_ok();
	return arg;
}

static void three_at_once(void)
{
	pthread_t t;
	int i;

	cx_set_timeout(NEVER_MS);
	pthread_barrier_init(&gate, NULL, 3);
	for (i = 0; i < 2; i++)
		check(pthread_create(&t, NULL, exec_at_gate, NULL) == 0,
		      "thread");
	exec_at_gate(NULL);
}

static void execs_at_once(void)
{
	int i;

	for (i = 0; i < 20; i++)
		storm_each(three_at_once, -1);
}

static void *exec_after_leader(void *arg)
{
	usleep(1000);
	storm_exec_ok();
	return arg;
}

static void leaderless(void)
{
	pthread_t t;

	pthread_create(&t, NULL, exec_after_leader, NULL);
	pthread_exit(NULL);
}

static void without_leader(void)
{
	storm_each(leaderless, -1);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "8 detached creators do not starve an exec",
		  writer_gets_in, 60 },
		{ "execs that fail back to back do not starve creators",
		  creators_get_in, 60 },
		{ "three threads exec at once", execs_at_once, 120 },
		{ "exec after the main thread has gone", without_leader, 60 },
	};

	return tap_main(cases);
}
