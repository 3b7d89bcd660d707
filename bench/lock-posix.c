/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <threads.h>

#include "lock.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t writers_first;
static sem_t semaphore;
static mtx_t mtx;

/* What it costs to be asked: the loop and a call. */
static __attribute__((noinline)) void nothing(void)
{
	__asm__ volatile("" ::: "memory");
}

LOCK_LOOP(none, nothing(), nothing())
LOCK_LOOP(mutexes, pthread_mutex_lock(&mutex), pthread_mutex_unlock(&mutex))
LOCK_LOOP(read_default, pthread_rwlock_rdlock(&rwlock),
	  pthread_rwlock_unlock(&rwlock))
LOCK_LOOP(write_default, pthread_rwlock_wrlock(&rwlock),
	  pthread_rwlock_unlock(&rwlock))
LOCK_LOOP(read_writers_first, pthread_rwlock_rdlock(&writers_first),
	  pthread_rwlock_unlock(&writers_first))
LOCK_LOOP(write_writers_first, pthread_rwlock_wrlock(&writers_first),
	  pthread_rwlock_unlock(&writers_first))
LOCK_LOOP(semaphores, sem_wait(&semaphore), sem_post(&semaphore))
LOCK_LOOP(mtxs, mtx_lock(&mtx), mtx_unlock(&mtx))

static void prepare(void)
{
	pthread_rwlockattr_t a;

	pthread_rwlockattr_init(&a);
#ifdef __GLIBC__
	pthread_rwlockattr_setkind_np(
		&a, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
#endif
	pthread_rwlock_init(&writers_first, &a);
	sem_init(&semaphore, 0, 1);
	mtx_init(&mtx, mtx_plain);
}

const struct lock_candidate lock_posix[] = {
	{ "none", prepare, .shared = none, .exclusive = none },
	{ "pthread_mutex", .shared = mutexes, .exclusive = mutexes },
	{ "pthread_rwlock", .shared = read_default,
	  .exclusive = write_default },
	{ "pthread_rwlock, writers first", .shared = read_writers_first,
	  .exclusive = write_writers_first },
	{ "sem_t", .shared = semaphores, .exclusive = semaphores },
	{ "mtx_t", .shared = mtxs, .exclusive = mtxs },
	{ .name = NULL },
};
