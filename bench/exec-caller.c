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
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <clonexec.h>

#include "exec.h"

enum {
	SMALL_STACK = 64 * 1024,
	CREATED_FIRST = 20,	/* by each sibling, before the exec */
	LIVE_MAX = 500,
	LIMIT = 120,		/* seconds; whatever happens */
};

static int64_t *begin;

static void now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	*begin = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- The other threads ---- */

static atomic_int asleep, created, live;
static int is_guarded;

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
	int r;

	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, SMALL_STACK);
	pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
	for (;;) {
		if (atomic_load(&live) > LIVE_MAX)
			continue;
		atomic_fetch_add(&live, 1);
		r = is_guarded ? cx_pthread_create(&t, &a, one_of_many, NULL)
			       : pthread_create(&t, &a, one_of_many, NULL);
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

/* ---- The means ---- */

static char *target[2];
static char *no_env[1];

static void plain(void)
{
	now();
	execve(target[0], target, no_env);
}

static void ours(void)
{
	now();
	cx_execve(target[0], target, no_env);
}

static void by_unshare(void)
{
	cx_set_strategy(CX_UNSHARE);
	ours();
}

static void by_helper(void)
{
	cx_set_strategy(CX_HELPER);
	ours();
}

static void by_lock(void)
{
	cx_set_strategy(CX_LOCK);
	ours();
}

/* What nobody can do without: the kernel's own part of the ways above. */
static void bare_unshare(void)
{
	now();
	unshare(CLONE_FS);
	execve(target[0], target, no_env);
}

static int bare_thread(void *arg)
{
	execve(target[0], target, no_env);
	_exit(1);
	return 0;
}

static void bare_helper(void)
{
	static char stack[SMALL_STACK] __attribute__((aligned(16)));

	now();
	clone(bare_thread, stack + sizeof stack,
	      CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
	      CLONE_SYSVSEM, NULL);
	for (;;)
		pause();
}

/* 20 directories of the path do not have it. */
static char *set_path(void)
{
	static char path[4096];
	char *name = strrchr(target[0], '/');
	int i;

	for (i = 0; i < 20; i++)
		strcat(path, "/usr/lib/no-such-directory:");
	*name = '\0';
	strcat(path, target[0]);
	setenv("PATH", path, 1);
	return name + 1;
}

static void search_plain(void)
{
	char *name = set_path();

	now();
	execvpe(name, target, no_env);
}

static void search_ours(void)
{
	char *name = set_path();

	now();
	cx_execvpe(name, target, no_env);
}

/* A child execs; the parent stays, so this is another thing. */
static void wait_and_end(pid_t pid)
{
	int status = 1;

	waitpid(pid, &status, 0);
	_exit(status != 0);
}

static void by_fork(void)
{
	pid_t pid;

	now();
	pid = fork();
	if (pid == 0) {
		execve(target[0], target, no_env);
		_exit(1);
	}
	wait_and_end(pid);
}

static void by_vfork(void)
{
	pid_t pid;

	now();
	pid = vfork();
	if (pid == 0) {
		execve(target[0], target, no_env);
		_exit(1);
	}
	wait_and_end(pid);
}

static void by_spawn(void)
{
	pid_t pid;

	now();
	if (posix_spawn(&pid, target[0], NULL, NULL, target, no_env) != 0)
		_exit(1);
	wait_and_end(pid);
}

static const struct {
	const char *name;
	void (*exec)(void);
	int is_guarded;
} means[] = {
	{ "plain", plain, 0 },		{ "auto", ours, 1 },
	{ "unshare", by_unshare, 1 },	{ "helper", by_helper, 1 },
	{ "lock", by_lock, 1 },		{ "search-plain", search_plain, 0 },
	{ "search", search_ours, 1 },	{ "fork", by_fork, 0 },
	{ "vfork", by_vfork, 0 },	{ "spawn", by_spawn, 0 },
	{ "bare-unshare", bare_unshare, 0 },
	{ "bare-helper", bare_helper, 0 },
};
enum { MEANS = sizeof means / sizeof *means };

int main(int argc, char **argv)
{
	int i, idles, siblings;
	size_t size;

	if (argc != 6)
		return 2;
	idles = atoi(argv[2]);
	siblings = atoi(argv[3]);
	size = (size_t)atoi(argv[4]) << 20;
	target[0] = argv[5];
	begin = mmap(NULL, sizeof *begin, PROT_READ | PROT_WRITE, MAP_SHARED,
		     EXEC_MEMORY_FD, 0);
	if (begin == MAP_FAILED)
		return 3;
	if (size && mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0) ==
			    MAP_FAILED)
		return 3;
	for (i = 0; i < MEANS && strcmp(means[i].name, argv[1]) != 0; i++)
		;
	if (i == MEANS)
		return 2;
	is_guarded = means[i].is_guarded;
	alarm(LIMIT); /* stays in force over the exec */
	start(idles, idle);
	start(siblings, sibling);
	while (atomic_load(&asleep) < idles ||
	       atomic_load(&created) < siblings * CREATED_FIRST)
		usleep(100);
	means[i].exec();
	return 1;
}
