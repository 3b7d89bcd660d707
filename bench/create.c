/* SPDX-License-Identifier: MIT */
/*
 * Thread creation.  A sample:
 *
 *	raw|clonexec|mutex|rwlock CREATORS joined|detached default|own COUNT PIN
 *
 * CREATORS threads create COUNT threads each; answers the nanoseconds of a
 * creation by the clock (from first to last, over all of them) and in CPU
 * time of the process.  `own`: on the caller's stacks.  `create count KIND
 * COUNT` does nothing else, for an instruction counter.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clonexec.h>

#include "serve.h"

enum { CREATORS_MAX = 8, COUNT_MAX = 200, STACK = 64 * 1024 };

typedef int create_fn(pthread_t *, const pthread_attr_t *, void *(*)(void *),
		      void *);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

/* ---- The candidates: all of the same shape ------------------------------- */

__attribute__((noinline)) static int create_raw(pthread_t *t,
						const pthread_attr_t *a,
						void *(*f)(void *), void *arg)
{
	int r = pthread_create(t, a, f, arg);

	__asm__ volatile("" ::: "memory");
	return r;
}

static int create_mutex(pthread_t *t, const pthread_attr_t *a,
			void *(*f)(void *), void *arg)
{
	int r;

	pthread_mutex_lock(&mutex);
	r = pthread_create(t, a, f, arg);
	pthread_mutex_unlock(&mutex);
	return r;
}

static int create_rwlock(pthread_t *t, const pthread_attr_t *a,
			 void *(*f)(void *), void *arg)
{
	int r;

	pthread_rwlock_rdlock(&rwlock);
	r = pthread_create(t, a, f, arg);
	pthread_rwlock_unlock(&rwlock);
	return r;
}

static create_fn *find(const char *kind)
{
	static const struct {
		const char *name;
		create_fn *create;
	} kinds[] = {
		{ "raw", create_raw }, { "clonexec", cx_pthread_create },
		{ "mutex", create_mutex }, { "rwlock", create_rwlock },
	};
	unsigned int i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].name, kind) == 0)
			return kinds[i].create;
	return NULL;
}

/* ---- A sample ---- */

static struct {
	create_fn *create;
	int count, detached, own;
	pthread_barrier_t barrier;
	atomic_int failed;
} work;

static char *stacks;

static void *created(void *arg)
{
	return arg;
}

static void create_all(int creator, const pthread_attr_t *base)
{
	pthread_attr_t a = *base;
	pthread_t t;
	char *stack;
	int i;

	for (i = 0; i < work.count; i++) {
		stack = stacks + (size_t)(creator * COUNT_MAX + i) * STACK;
		if (work.own)
			pthread_attr_setstack(&a, stack, STACK);
		if (work.create(&t, &a, created, NULL) != 0)
			atomic_fetch_add(&work.failed, 1);
		else if (!work.detached)
			pthread_join(t, NULL);
	}
}

static void *creator(void *arg)
{
	pthread_attr_t a;

	pthread_attr_init(&a);
	if (work.detached)
		pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
	pthread_barrier_wait(&work.barrier);
	create_all((int)(long)arg, &a);
	pthread_barrier_wait(&work.barrier);
	pthread_attr_destroy(&a);
	return NULL;
}

/* Detached threads are gone when the kernel says so: then their stacks are
   free.  Outside of what is timed. */
static int wait_until_alone(void)
{
	struct stat st;
	int i;

	for (i = 0; i < 20000; i++) {
		if (stat("/proc/self/task", &st) == 0 && st.st_nlink == 3)
			return 0;
		usleep(100);
	}
	return -1;
}

static int measure(int creators)
{
	pthread_t t[CREATORS_MAX];
	double begin, cpu, n = (double)creators * work.count;
	long i;

	atomic_store(&work.failed, 0);
	pthread_barrier_init(&work.barrier, NULL, (unsigned int)creators + 1);
	for (i = 0; i < creators; i++)
		if (pthread_create(&t[i], NULL, creator, (void *)i) != 0)
			return -1;
	pthread_barrier_wait(&work.barrier);
	begin = serve_now_ns();
	cpu = serve_cpu_ns();
	pthread_barrier_wait(&work.barrier);
	begin = serve_now_ns() - begin;
	cpu = serve_cpu_ns() - cpu;
	for (i = 0; i < creators; i++)
		pthread_join(t[i], NULL);
	pthread_barrier_destroy(&work.barrier);
	printf("%.1f %.1f\n", begin / n, cpu / n);
	return atomic_load(&work.failed) ? -1 : wait_until_alone();
}

static int sample(char **words)
{
	int creators = atoi(words[1]);

	work.create = find(words[0]);
	work.detached = words[2][0] == 'd';
	work.own = words[3][0] == 'o';
	work.count = atoi(words[4]);
	if (!work.create || creators < 1 || creators > CREATORS_MAX ||
	    work.count < 1 || work.count > COUNT_MAX)
		return -1;
	serve_pin(words[5][0] == '1');
	return measure(creators);
}

int main(int argc, char **argv)
{
	stacks = mmap(NULL, (size_t)CREATORS_MAX * COUNT_MAX * STACK,
		      PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (stacks == MAP_FAILED)
		return 1;
	if (argc == 4 && strcmp(argv[1], "count") == 0) {
		pthread_attr_t a;

		work.create = find(argv[2]);
		work.count = atoi(argv[3]);
		if (!work.create || work.count > COUNT_MAX)
			return 2;
		pthread_attr_init(&a);
		create_all(0, &a);
		return 0;
	}
	return serve(sample);
}
