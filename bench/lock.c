/* SPDX-License-Identifier: MIT */
/*
 * The lock alone.  A sample:
 *
 *	NAME shared|exclusive THREADS WRITER PAIRS
 *
 * answers the nanoseconds of a pair in one of THREADS threads and, with
 * WRITER 1, the longest and the middle time that a writer waited that came
 * each millisecond.  `lock names` lists the names (blanks are given as _), and
 * `lock count NAME SIDE PAIRS` does nothing else, for an instruction counter.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lock.h"
#include "serve.h"

enum { THREADS_MAX = 8, WAITS_MAX = 1000 };

static const struct lock_candidate *const tables[] = {
	lock_posix, lock_clonexec, lock_urcu, lock_ck,
};
enum { TABLES = sizeof tables / sizeof *tables };

/* ---- The candidates ------------------------------------------------------ */

static const char *word_of(const char *name)
{
	static char word[64];
	char *c;

	snprintf(word, sizeof word, "%s", name);
	for (c = word; *c; c++)
		if (*c == ' ')
			*c = '_';
	return word;
}

static const struct lock_candidate *find(const char *word)
{
	const struct lock_candidate *c;
	int i;

	for (i = 0; i < TABLES; i++)
		for (c = tables[i]; c->name; c++)
			if (strcmp(word_of(c->name), word) == 0)
				return c;
	return NULL;
}

static int names(void)
{
	const struct lock_candidate *c;
	int i;

	for (i = 0; i < TABLES; i++)
		for (c = tables[i]; c->name; c++)
			puts(word_of(c->name));
	return 0;
}

static void prepare(void)
{
	const struct lock_candidate *c;
	int i;

	for (i = 0; i < TABLES; i++)
		for (c = tables[i]; c->name; c++)
			if (c->prepare)
				c->prepare();
}

/* ---- A sample ------------------------------------------------------------ */

static struct {
	const struct lock_candidate *candidate;
	void (*loop)(int);
	int pairs;
	pthread_barrier_t barrier;
	atomic_int at_work;
} work;

static void *worker(void *arg)
{
	const struct lock_candidate *c = work.candidate;
	double begin;

	if (c->thread_begin)
		c->thread_begin();
	pthread_barrier_wait(&work.barrier);
	begin = serve_now_ns();
	work.loop(work.pairs);
	*(double *)arg = (serve_now_ns() - begin) / work.pairs;
	atomic_fetch_sub(&work.at_work, 1);
	if (c->thread_end)
		c->thread_end();
	return NULL;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Each millisecond, as long as the others are at work. */
static int write_rarely(double *waits)
{
	double begin;
	int n = 0;

	while (atomic_load(&work.at_work) > 0 && n < WAITS_MAX) {
		usleep(1000);
		begin = serve_now_ns();
		work.candidate->exclusive(1);
		waits[n++] = serve_now_ns() - begin;
	}
	qsort(waits, (size_t)n, sizeof *waits, by_value);
	return n;
}

static int sample(char **words)
{
	static double waits[WAITS_MAX];
	int threads = atoi(words[2]), writer = atoi(words[3]), n = 0, i;
	double ns[THREADS_MAX], sum = 0;
	pthread_t t[THREADS_MAX];

	work.candidate = find(words[0]);
	work.pairs = atoi(words[4]);
	if (!work.candidate || work.pairs < 1 || threads < 1 ||
	    threads > THREADS_MAX)
		return -1;
	work.loop = words[1][0] == 's' ? work.candidate->shared
				       : work.candidate->exclusive;
	atomic_store(&work.at_work, threads);
	pthread_barrier_init(&work.barrier, NULL, (unsigned int)threads + 1);
	for (i = 0; i < threads; i++)
		if (pthread_create(&t[i], NULL, worker, &ns[i]) != 0)
			return -1;
	pthread_barrier_wait(&work.barrier);
	if (writer)
		n = write_rarely(waits);
	for (i = 0; i < threads; i++) {
		pthread_join(t[i], NULL);
		sum += ns[i];
	}
	pthread_barrier_destroy(&work.barrier);
	printf("%.2f", sum / threads);
	if (n)
		printf(" %.0f %.0f", waits[n - 1], waits[n / 2]);
	printf("\n");
	return 0;
}

/* The loop's name is what the counter looks for. */
__attribute__((noinline)) void count_here(void (*loop)(int), int pairs);
void count_here(void (*loop)(int), int pairs)
{
	loop(pairs);
	__asm__ volatile("" ::: "memory");
}

static void *idle(void *arg)
{
	pause();
	return arg;
}

int main(int argc, char **argv)
{
	const struct lock_candidate *c;
	pthread_t t;

	if (argc == 2 && strcmp(argv[1], "names") == 0)
		return names();
	prepare();
	/* One more thread, or some of them would do without atomics. */
	if (pthread_create(&t, NULL, idle, NULL) != 0)
		return 1;
	if (argc != 5 || strcmp(argv[1], "count") != 0)
		return serve(sample);
	c = find(argv[2]);
	if (!c)
		return 2;
	if (c->thread_begin)
		c->thread_begin();
	c->shared(1); /* what is done only once */
	c->exclusive(1);
	count_here(argv[3][0] == 's' ? c->shared : c->exclusive,
		   atoi(argv[4]));
	return 0;
}
