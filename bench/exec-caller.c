/* SPDX-License-Identifier: MIT */
/*
 * The process that execs, once:
 *
 *	exec-caller MEANS IDLE SIBLINGS MEGABYTES TARGET
 *
 * IDLE threads sleep; SIBLINGS create detached threads as fast as they can;
 * so much memory has been touched.  See exec.c for the means.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clock.h"
#include "exec-means.h"
#include "exec.h"

enum {
	SMALL_STACK = 64 * 1024,
	CREATED_FIRST = 20, /* by each sibling, before the exec */
	LIVE_MAX = 500,
	LIMIT = 120, /* seconds; whatever happens */
};

static struct exec_page *page;

/* ---- The other threads ---- */

static atomic_int asleep, created, live;
static const struct guard *guard;

static void *idle(void *arg)
{
	atomic_fetch_add(&asleep, 1);
	for (;;)
		pause();
	return arg;
}

static void *one_of_many(void *arg)
{
	atomic_fetch_sub(&live, 1);
	return arg;
}

static void *sibling(void *arg)
{
	pthread_attr_t a;
	pthread_t t;
	int r, refused;

	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, SMALL_STACK);
	pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
	for (;;) {
		if (atomic_load(&live) > LIVE_MAX)
			continue;
		atomic_fetch_add(&live, 1);
		r = guard_create(guard, &t, &a, one_of_many, NULL, &refused);
		if (refused)
			atomic_fetch_add(&page->refused, refused);
		atomic_fetch_add(r == 0 ? &created : &live, r == 0 ? 1 : -1);
	}
	return arg;
}

static void start(int count, void *(*fn)(void *))
{
	pthread_attr_t a;
	pthread_t t;

	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, SMALL_STACK);
	while (count-- > 0)
		if (pthread_create(&t, &a, fn, NULL) != 0)
			exit(3);
}

/* 20 directories of the path do not have it. */
static void set_path(const char *target)
{
	static char path[4096];
	size_t n;
	int i;

	for (i = 0; i < 20; i++)
		strcat(path, "/usr/lib/no-such-directory:");
	n = strlen(path);
	strcat(path, target);
	*strrchr(path + n, '/') = '\0';
	setenv("PATH", path, 1);
}

int main(int argc, char **argv)
{
	static char *no_env[1];
	const struct means *means;
	char *target[2] = { NULL, NULL };
	int idles, siblings;
	size_t size;

	if (argc != 6)
		return 2;
	idles = atoi(argv[2]);
	siblings = atoi(argv[3]);
	size = (size_t)atoi(argv[4]) << 20;
	target[0] = argv[5];
	page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED,
		    EXEC_MEMORY_FD, 0);
	if (page == MAP_FAILED)
		return 3;
	if (size && mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1,
			 0) == MAP_FAILED)
		return 3;
	means = means_find(argv[1]);
	if (!means)
		return 2;
	guard = guard_find(means->guard);
	if (!strncmp(means->name, "search", 6))
		set_path(target[0]);
	alarm(LIMIT); /* stays in force over the exec */
	start(idles, idle);
	start(siblings, sibling);
	while (atomic_load(&asleep) < idles ||
	       atomic_load(&created) < siblings * CREATED_FIRST)
		usleep(100);
	page->begin = clock_ns();
	if (guard->before_exec)
		guard->before_exec();
	means->exec(target[0], target, no_env);
	return 1;
}
