/* SPDX-License-Identifier: MIT */
/*
 * What an attached `clonexec watch` adds to an exec: the time from the call
 * to the new program's main, of a process with 1 or 2 threads.  Blocks of
 * execs with and without take turns (ABBA); "again" is without once more and
 * shows the noise.  And what the watcher takes of memory.
 *
 *	watch-overhead CLONEXEC TARGET [BLOCKS [RUNS]]
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "exec.h"

enum { MAX_RUNS = 2000, MAX_BLOCKS = 400 };

/* One block of each kind is a row of the comparison. */
enum kind { WITHOUT, AGAIN, WITH, KINDS };

static const char *clonexec, *target;
static struct timespec *called;
static double sample[MAX_RUNS];
static double medians[KINDS][MAX_BLOCKS];
static long memory_kb;

_Noreturn static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* ---- The watcher ------------------------------------------------------ */

static long resident(pid_t pid)
{
	char path[64], line[128];
	long kb = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "re");
	if (!f)
		die(path);
	while (fgets(line, sizeof(line), f))
		sscanf(line, "VmRSS: %ld", &kb);
	fclose(f);
	return kb;
}

/* Until it says that all is in place. */
static pid_t watch(void)
{
	char line[256];
	int ends[2], null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	pid_t pid;

	if (null < 0 || pipe2(ends, O_CLOEXEC))
		die("pipe");
	pid = fork();
	if (pid == 0) {
		dup2(null, 1);
		dup2(ends[1], 2);
		execl(clonexec, clonexec, "watch", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	close(null);
	if (pid < 0 || read(ends[0], line, sizeof(line)) <= 0)
		die("watch");
	close(ends[0]);
	return pid;
}

static void unwatch(pid_t pid)
{
	int status;

	memory_kb = resident(pid);
	kill(pid, SIGINT);
	if (waitpid(pid, &status, 0) != pid || status) {
		fprintf(stderr, "clonexec watch failed\n");
		exit(1);
	}
}

/* ---- An exec ---------------------------------------------------------- */

static void *idle(void *arg)
{
	pthread_barrier_wait(arg);
	for (;;)
		pause();
	return NULL;
}

_Noreturn static void exec_target(int threads)
{
	static char name[] = "exec-target";
	char *argv[] = { name, NULL }, *envp[] = { NULL };
	pthread_barrier_t ready;
	pthread_t t;

	if (threads > 1) {
		pthread_barrier_init(&ready, NULL, 2);
		if (pthread_create(&t, NULL, idle, &ready))
			_exit(1);
		pthread_barrier_wait(&ready);
	}
	clock_gettime(CLOCK_MONOTONIC, called);
	execve(target, argv, envp);
	_exit(1);
}

/* Microseconds. */
static double exec_once(int threads, int fd)
{
	int64_t began;
	pid_t pid = fork();
	int status;

	if (pid == 0)
		exec_target(threads);
	if (pid < 0 || read(fd, &began, sizeof(began)) != sizeof(began) ||
	    waitpid(pid, &status, 0) != pid || status)
		die("exec");
	return (double)(began - (int64_t)called->tv_sec * 1000000000 -
			called->tv_nsec) / 1e3;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, int n)
{
	qsort(values, (size_t)n, sizeof(*values), compare);
	return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

static double block(enum kind kind, int threads, int runs, int fd)
{
	pid_t pid = kind == WITH ? watch() : 0;
	int i;

	for (i = -runs / 10; i < runs; i++) {
		double us = exec_once(threads, fd);

		if (i >= 0) /* the first ones warm up */
			sample[i] = us;
	}
	if (pid)
		unwatch(pid);
	return median(sample, runs);
}

/* ---- The comparison --------------------------------------------------- */

static void compare_kinds(int threads, int blocks, int runs, int fd)
{
	static double ratio[MAX_BLOCKS];
	double with, again;
	int b, k;

	for (b = 0; b < blocks; b++)
		for (k = 0; k < KINDS; k++) {
			int kind = b % 2 ? KINDS - 1 - k : k;

			medians[kind][b] = block((enum kind)kind, threads,
						 runs, fd);
		}
	for (b = 0; b < blocks; b++)
		ratio[b] = medians[AGAIN][b] / medians[WITHOUT][b];
	again = median(ratio, blocks);
	for (b = 0; b < blocks; b++)
		ratio[b] = medians[WITH][b] * 2 /
			   (medians[WITHOUT][b] + medians[AGAIN][b]);
	with = median(ratio, blocks);
	printf("%d thread%s: p50 %.1f us; watched %.4f of that, again %.4f "
	       "(%d blocks of %d execs)\n", threads, threads > 1 ? "s" : " ",
	       median(medians[WITHOUT], blocks), with, again, blocks, runs);
}

int main(int argc, char **argv)
{
	int ends[2], threads, blocks = 20, runs = 200;

	if (argc > 3)
		blocks = atoi(argv[3]);
	if (argc > 4)
		runs = atoi(argv[4]);
	if (argc < 3 || blocks < 1 || blocks > MAX_BLOCKS || runs < 10 ||
	    runs > MAX_RUNS) {
		fprintf(stderr, "usage: watch-overhead CLONEXEC TARGET "
			"[BLOCKS [RUNS]]\n");
		return 2;
	}
	clonexec = argv[1];
	target = argv[2];
	called = mmap(NULL, sizeof(*called), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (called == MAP_FAILED || pipe(ends) || ends[1] != EXEC_RESULT_FD)
		die("pipe");
	for (threads = 1; threads <= 2; threads++)
		compare_kinds(threads, blocks, runs, ends[0]);
	printf("resident memory of the watcher: %ld KB\n", memory_kb);
	return 0;
}
