/* SPDX-License-Identifier: MIT */
/*
 * What an exec costs: its system calls, counted by a tracer, for each
 * strategy.  The control is plain execve, which must be one.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <clonexec.h>

#include "tap.h"
#include "traced.h"

/* Its name on 32 bits. */
#ifndef SYS_newfstatat
#define SYS_newfstatat SYS_fstatat64
#endif

enum { SUCCEEDS, FAILS };

static char *const args[] = { (char *)"true", NULL };
static char *const no_env[] = { NULL };

static const struct {
	long nr;
	const char *name;
} names[] = {
	{ SYS_execve, "execve" },	{ SYS_unshare, "unshare" },
	{ SYS_prctl, "prctl" },		{ SYS_newfstatat, "stat" },
	{ SYS_getpid, "getpid" },	{ SYS_gettid, "gettid" },
	{ SYS_futex, "futex" },		{ SYS_clock_gettime, "clock" },
	{ SYS_madvise, "madvise" },	{ 439, "faccessat2" },
	{ SYS_mmap, "mmap" },		{ SYS_mprotect, "mprotect" },
	{ SYS_munmap, "munmap" },	{ SYS_clone, "clone" },
	{ SYS_rt_sigprocmask, "sigmask" }, { SYS_openat, "open" },
	{ SYS_read, "read" },		{ SYS_close, "close" },
	{ SYS_exit, "exit" },		{ SYS_prlimit64, "prlimit" },
};

/* ---- The regions -------------------------------------------------------- */

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

/* One exec fails first: what a process does once is not counted. */
static void be_two(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, idle, NULL) != 0 ||
	    cx_execve("/nowhere", args, no_env) != -1 || errno != ENOENT)
		_exit(1);
}

static void use(enum cx_strategy s)
{
	if (cx_set_strategy(s) != 0)
		_exit(1);
	be_two();
}

static void use_auto(void) { use(CX_AUTO); }
static void use_unshare(void) { use(CX_UNSHARE); }
static void use_helper(void) { use(CX_HELPER); }
static void use_lock(void) { use(CX_LOCK); }

static void plain(void)
{
	execve("/bin/true", args, no_env);
}

static void ours(void)
{
	cx_execve("/bin/true", args, no_env);
}

static void ours_missing(void)
{
	cx_execve("/nowhere", args, no_env);
}

static void set_path(const char *last)
{
	static char path[1024];
	int i, n = 0;

	for (i = 0; i < 20; i++)
		n += snprintf(path + n, sizeof path - (size_t)n,
			      "/nowhere/%d:", i);
	snprintf(path + n - 1, sizeof path - (size_t)n, "%s", last);
	setenv("PATH", path, 1);
}

static void search_hit(void)
{
	set_path(":/bin");
	use(CX_AUTO);
}

static void search_miss(void)
{
	set_path("");
	use(CX_AUTO);
}

static void ours_search(void)
{
	cx_execvpe("true", args, no_env);
}

static void plain_search(void)
{
	execvpe("true", args, no_env);
}

/* ---- The gate ----------------------------------------------------------- */

/* max is what it takes today. */
static const struct gate {
	const char *name;
	void (*prepare)(void);
	void (*region)(void);
	int ends;
	int max;
} gates[] = {
	{ "control: plain", be_two, plain, SUCCEEDS, 1 },
	{ "control: plain, 20 misses", search_miss, plain_search, FAILS, 20 },
	{ "one thread", NULL, ours, SUCCEEDS, 2 },
	{ "unshare", use_unshare, ours, SUCCEEDS, 14 },
	{ "auto", use_auto, ours, SUCCEEDS, 14 },
	{ "helper", use_helper, ours, SUCCEEDS, 32 },
	{ "lock", use_lock, ours, SUCCEEDS, 3 },
	{ "auto, no such file", use_auto, ours_missing, FAILS, 8 },
	{ "lock, no such file", use_lock, ours_missing, FAILS, 7 },
	{ "auto, the 21st in PATH", search_hit, ours_search, SUCCEEDS, 34 },
	{ "auto, 20 misses", search_miss, ours_search, FAILS, 27 },
};

enum { GATES = sizeof gates / sizeof *gates };

static const char *name_of(int nr)
{
	static char number[16];
	unsigned int i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].nr == nr)
			return names[i].name;
	snprintf(number, sizeof number, "%d", nr);
	return number;
}

static void list(const struct traced *t)
{
	char text[400] = "";
	size_t n = 0;
	int i;

	for (i = 0; i < t->count && n < sizeof text - 20; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, " %s",
				      name_of(t->nr[i]));
	tap_note("%d:%s", t->count, text);
}

static void pass(void)
{
	const struct gate *g = &gates[tap_index()];
	struct traced t;

	traced_calls(g->prepare, g->region, &t);
	list(&t);
	check(t.reached_exec == (g->ends == SUCCEEDS), "it %s",
	      t.reached_exec ? "succeeded" : "failed");
	check(t.count <= g->max, "%d system calls, not %d", t.count, g->max);
}

int main(void)
{
	struct tap_case cases[GATES];
	int i;

	for (i = 0; i < GATES; i++)
		cases[i] = (struct tap_case){ gates[i].name, pass, 60 };
	return tap_run(cases, GATES);
}
