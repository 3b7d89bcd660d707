/* SPDX-License-Identifier: MIT */
/*
 * What the shared side costs beside what else a program could take, in one
 * run: the candidates take turns (A B C A B C ...), the median of the rounds
 * counts, and a second "none" shows the noise.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <clonexec.h>

enum { ROUNDS = 101, PAIRS = 20000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void none(void)
{
	__asm__ volatile("" ::: "memory");
}

static void mutex_pair(void)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}

static void rwlock_pair(void)
{
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
}

static void clonexec_pair(void)
{
	cx_before_clone();
	cx_after_clone();
}

static const struct candidate {
	const char *name;
	void (*pair)(void);
} candidates[] = {
	{ "none", none },
	{ "none again", none },
	{ "clonexec", clonexec_pair },
	{ "pthread_mutex", mutex_pair },
	{ "pthread_rwlock", rwlock_pair },
};

enum { CANDIDATES = sizeof candidates / sizeof *candidates };

static double samples[CANDIDATES][ROUNDS];

static double nanoseconds(void (*pair)(void))
{
	struct timespec a, b;
	int i;

	clock_gettime(CLOCK_MONOTONIC, &a);
	for (i = 0; i < PAIRS; i++)
		pair();
	clock_gettime(CLOCK_MONOTONIC, &b);
	return ((double)(b.tv_sec - a.tv_sec) * 1e9 +
		(double)(b.tv_nsec - a.tv_nsec)) / PAIRS;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(void)
{
	int i, round;

	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < CANDIDATES; i++)
			samples[i][round] = nanoseconds(candidates[i].pair);
	printf("an uncontended pair, median of %d rounds of %d\n", ROUNDS,
	       PAIRS);
	for (i = 0; i < CANDIDATES; i++) {
		qsort(samples[i], ROUNDS, sizeof(double), compare);
		printf("%-16s %6.1f ns\n", candidates[i].name,
		       samples[i][ROUNDS / 2]);
	}
	return 0;
}
