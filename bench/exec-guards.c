/* SPDX-License-Identifier: MIT */
#include "exec-guards.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <clonexec.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
#ifdef PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP
static pthread_rwlock_t writers_first =
	PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
#else
static pthread_rwlock_t writers_first = PTHREAD_RWLOCK_INITIALIZER;
#endif

/* As Go's runtime did before its lock: 20 tries, the n-th after n ms. */
enum { TRIES = 20 };

static void lock(void)
{
	pthread_mutex_lock(&mutex);
}
static void unlock(void)
{
	pthread_mutex_unlock(&mutex);
}
static void read_lock(void)
{
	pthread_rwlock_rdlock(&writers_first);
}
static void write_lock(void)
{
	pthread_rwlock_wrlock(&writers_first);
}
static void rw_unlock(void)
{
	pthread_rwlock_unlock(&writers_first);
}

static const struct guard guards[] = {
	{ .name = "none" },
	{ .name = "ours", .is_ours = 1 },
	{ .name = "mutex", lock, unlock, lock },
	{ .name = "rwlock", read_lock, rw_unlock, write_lock },
	{ .name = "retry", .retries = TRIES },
};

const struct guard *guard_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof guards / sizeof *guards; i++)
		if (!strcmp(guards[i].name, name))
			return &guards[i];
	return NULL;
}

static int create_once(const struct guard *guard, pthread_t *thread,
		       const pthread_attr_t *attr, void *(*fn)(void *),
		       void *arg)
{
	int r;

	if (guard->is_ours)
		return cx_pthread_create(thread, attr, fn, arg);
	if (guard->enter)
		guard->enter();
	r = pthread_create(thread, attr, fn, arg);
	if (guard->leave)
		guard->leave();
	return r;
}

int guard_create(const struct guard *guard, pthread_t *thread,
		 const pthread_attr_t *attr, void *(*fn)(void *), void *arg,
		 int *refused)
{
	struct timespec pause = { 0, 0 };
	int r, try;

	*refused = 0;
	for (try = 0;; try++) {
		r = create_once(guard, thread, attr, fn, arg);
		*refused += r == EAGAIN;
		if (r != EAGAIN || try >= guard->retries)
			return r;
		pause.tv_nsec += 1000000;
		nanosleep(&pause, NULL);
	}
}
