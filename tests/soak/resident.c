/* SPDX-License-Identifier: MIT */
/*
 * A process that lives as long as the soak and execs all the time, in vain.
 * It works in shifts; between two of them all its threads have ended, and it
 * has what it had after the first: threads, descriptors, mappings, memory.
 */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "soak.h"

enum {
	SHIFT_MS = 5000,
	TURN_MS = 20,		/* of a strategy */
	EXECERS = 2,
	FAILURES = 60,		/* of a thread, before a new one comes */
	WARM_UP = 2,		/* shifts */
	MORE_MAPPINGS = 16,	/* libc's own caches */
	MORE_KB = 4096,
	HANG_SECONDS = RUN_MS / 1000,
};

struct belongings {
	int threads, fds, mappings;
	long rss_kb;
};

static int entries(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n - 2;
}

static struct belongings look(void)
{
	struct belongings b = { 0, 0, 0, 0 };
	char line[512];
	FILE *f;

	b.threads = entries("/proc/self/task");
	b.fds = entries("/proc/self/fd") - 1;
	f = fopen("/proc/self/maps", "re");
	while (f && fgets(line, sizeof line, f))
		b.mappings++;
	if (f)
		fclose(f);
	f = fopen("/proc/self/status", "re");
	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, "VmRSS:", 6))
			b.rss_kb = strtol(line + 6, NULL, 10);
	if (f)
		fclose(f);
	return b;
}

static atomic_int stop;

static void *fail_some(void *arg)
{
	unsigned int n;

	for (n = 0; n < FAILURES && !atomic_load(&stop); n++)
		creators_fail(n);
	return arg;
}

/* A failed exec may leave a thread with an fs of its own for good: so each
   is replaced before long by one that shares. */
static void *exec_on(void *arg)
{
	pthread_t t;

	while (!atomic_load(&stop)) {
		if (cx_pthread_create(&t, NULL, fail_some, NULL)) {
			atomic_fetch_add(&soak->eagain, 1);
			continue;
		}
		pthread_join(t, NULL);
	}
	return arg;
}

static void shift(long long end)
{
	pthread_t threads[16];
	int i, count = 0;
	unsigned int turn;

	atomic_store(&stop, 0);
	if (creators_start(BESIDE_RAW | BESIDE_FORKS | BESIDE_SIGNALS |
				   BESIDE_SETXID, 1, &stop, threads, &count))
		atomic_fetch_add(&soak->other, 1);
	for (i = 0; i < EXECERS; i++)
		if (pthread_create(&threads[count], NULL, exec_on, NULL) == 0)
			count++;
	for (turn = 0; soak_now() < end; turn++) {
		cx_set_strategy((enum cx_strategy)(turn % STRATEGIES));
		usleep(TURN_MS * 1000);
	}
	atomic_store(&stop, 1);
	for (i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

static int has_more(const struct belongings *now,
		    const struct belongings *first)
{
	return now->threads != 1 || now->fds != first->fds ||
	       now->mappings > first->mappings + MORE_MAPPINGS ||
	       now->rss_kb > first->rss_kb + MORE_KB;
}

void resident_run(long long end)
{
	struct belongings first = { 0, 0, 0, 0 }, now = first;
	int shifts, bad = 0;

	cx_set_timeout(LOCK_MS);
	for (shifts = 0; soak_now() < end; shifts++) {
		long long this_end = soak_now() + SHIFT_MS;

		alarm(HANG_SECONDS); /* ends it, and its parent sees that */
		shift(this_end < end ? this_end : end);
		/* A thread is gone a moment after it was joined. */
		now = look();
		for (int i = 0; now.threads > 1 && i < 1000; i++) {
			usleep(1000);
			now = look();
		}
		if (shifts < WARM_UP || shifts == 0)
			first = now;
		else
			bad += has_more(&now, &first);
	}
	/* Nobody is inside, nobody holds it. */
	cx_set_timeout(0);
	cx_set_strategy(CX_LOCK);
	if (cx_before_exec() != 0)
		bad++;
	cx_after_exec();
	printf("resident: %d shifts; threads %d, then %d; descriptors %d, %d; "
	       "mappings %d, %d; resident memory %ld, %ld KB; %s\n", shifts,
	       first.threads, now.threads, first.fds, now.fds, first.mappings,
	       now.mappings, first.rss_kb, now.rss_kb,
	       bad ? "LEAKS or is not free" : "no leak, lock free");
	fflush(stdout);
	_exit(bad ? 1 : 0);
}
