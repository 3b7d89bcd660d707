/* SPDX-License-Identifier: MIT */
/*
 * What the shim costs a process that starts: two empty programs, with and
 * without LD_PRELOAD, in turns; wall time from spawn to end.
 *
 *	startup SHIM PROGRAM [ROUNDS]
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double start(char *program, char *variable)
{
	char *args[] = { program, NULL }, *env[] = { variable, NULL };
	double begin = now_us();
	int status;
	pid_t pid;

	if (posix_spawn(&pid, program, NULL, NULL, args, env) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "%s does not run\n", program);
		exit(1);
	}
	return now_us() - begin;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	int rounds = argc > 3 ? atoi(argv[3]) : 1000, i, p;
	char variable[4200], none[] = "NONE=1";
	double *with, *without;

	if (argc < 3 || rounds < 10 || rounds > 100000)
		return 2;
	snprintf(variable, sizeof(variable), "LD_PRELOAD=%s", argv[1]);
	with = calloc(rounds, sizeof(double));
	without = calloc(rounds, sizeof(double));
	if (!with || !without)
		return 1;
	for (i = 0; i < rounds; i++) {
		/* Who goes first changes, for the caches' sake. */
		if (i % 2)
			with[i] = start(argv[2], variable);
		without[i] = start(argv[2], none);
		if (i % 2 == 0)
			with[i] = start(argv[2], variable);
	}
	qsort(with, rounds, sizeof(double), by_value);
	qsort(without, rounds, sizeof(double), by_value);
	for (p = 10; p <= 90; p += 40)
		printf("p%d: without %.1f us, with %.1f us, the shim %.1f us\n",
		       p, without[rounds * p / 100], with[rounds * p / 100],
		       with[rounds * p / 100] - without[rounds * p / 100]);
	return 0;
}
