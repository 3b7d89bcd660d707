/* SPDX-License-Identifier: MIT */
/*
 * What the shim adds to an exec: the time from the call to the new program's
 * main.  Each exec is by a process of its own, as most are, so what is done
 * only once per process is in it.  The kinds take turns in a round, each time
 * another one begins; "again" is plain once more and shows the noise.
 *
 *	exec-overhead SHIM TARGET [ROUNDS]
 *	exec-overhead THREADS TARGET PRELOAD	the process that execs
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	MEMORY_FD = 3,	/* where the caller puts the time of its call */
	RESULT_FD = 4,	/* where the target writes that of its main */
};

enum kind { PLAIN, AGAIN, SHIM, SHIM_BOTH, KINDS };

static const char *const kind_names[] = {
	"plain", "plain again", "shim", "shim in target too",
};

/* ---- The process that execs -------------------------------------------- */

static pthread_barrier_t ready;

static void *idle(void *arg)
{
	pthread_barrier_wait(&ready);
	for (;;)
		pause();
	return arg;
}

/* The target gets this environment, and so the shim or not. */
static int call(int threads, char *target, char *preload)
{
	char *args[] = { target, NULL };
	char *env[] = { preload, NULL };
	struct timespec *begin;
	pthread_t t;

	begin = mmap(NULL, sizeof(*begin), PROT_READ | PROT_WRITE, MAP_SHARED,
		     MEMORY_FD, 0);
	if (begin == MAP_FAILED)
		return 1;
	if (threads > 1) {
		pthread_barrier_init(&ready, NULL, 2);
		if (pthread_create(&t, NULL, idle, NULL) != 0)
			return 1;
		pthread_barrier_wait(&ready);
	}
	clock_gettime(CLOCK_MONOTONIC, begin);
	execve(target, args, env);
	return 1;
}

/* ---- The measurement --------------------------------------------------- */

static struct timespec *begin;
static int result_fd;
static char preload[4200] = "LD_PRELOAD=";

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static double run(enum kind kind, char *threads, char *target)
{
	static char self[] = "/proc/self/exe", none[] = "NONE=1";
	char *args[] = { self, threads, target,
			 kind == SHIM_BOTH ? preload : none, NULL };
	char *env[] = { kind == SHIM || kind == SHIM_BOTH ? preload : none,
			NULL };
	struct timespec end;
	int status;
	pid_t pid;

	errno = posix_spawn(&pid, self, NULL, NULL, args, env);
	if (errno)
		die("posix_spawn");
	if (waitpid(pid, &status, 0) != pid || status != 0 ||
	    read(result_fd, &end, sizeof(end)) != sizeof(end))
		die(target);
	return (double)(end.tv_sec - begin->tv_sec) * 1e6 +
	       (double)(end.tv_nsec - begin->tv_nsec) / 1e3;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(double *samples[KINDS], int rounds, char *threads)
{
	double base[2], value[2];
	int k;

	printf("%s thread%s, %d rounds\n", threads, threads[0] > '1' ? "s" :
	       "", rounds);
	for (k = 0; k < KINDS; k++) {
		qsort(samples[k], (size_t)rounds, sizeof(double), by_value);
		value[0] = samples[k][rounds / 2];
		value[1] = samples[k][rounds * 9 / 10];
		if (k == PLAIN)
			memcpy(base, value, sizeof(base));
		printf("  %-19s p50 %7.1f us %+6.2f %%   "
		       "p90 %7.1f us %+6.2f %%\n", kind_names[k], value[0],
		       (value[0] / base[0] - 1) * 100, value[1],
		       (value[1] / base[1] - 1) * 100);
	}
}

static void measure(char *threads, char *target, int rounds)
{
	double *samples[KINDS];
	int i, k;

	for (k = 0; k < KINDS; k++) {
		samples[k] = calloc((size_t)rounds, sizeof(double));
		if (!samples[k])
			die("calloc");
		run(k, threads, target);
	}
	for (i = 0; i < rounds; i++)
		for (k = 0; k < KINDS; k++)
			samples[(i + k) % KINDS][i] =
				run((i + k) % KINDS, threads, target);
	report(samples, rounds, threads);
	for (k = 0; k < KINDS; k++)
		free(samples[k]);
}

/* Everything on one CPU, or it is the scheduler that is measured. */
static void prepare(void)
{
	int memory = memfd_create("begin", 0), line[2];
	cpu_set_t cpus;
	int cpu = sched_getcpu();

	if (memory < 0 || ftruncate(memory, 4096) != 0 || pipe(line) != 0)
		die("memfd, pipe");
	begin = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory,
		     0);
	result_fd = fcntl(line[0], F_DUPFD_CLOEXEC, 10);
	memory = fcntl(memory, F_DUPFD_CLOEXEC, 10);
	line[1] = fcntl(line[1], F_DUPFD_CLOEXEC, 10);
	if (begin == MAP_FAILED || dup2(memory, MEMORY_FD) < 0 ||
	    dup2(line[1], RESULT_FD) < 0)
		die("dup2");
	CPU_ZERO(&cpus);
	if (cpu >= 0) {
		CPU_SET(cpu, &cpus);
		sched_setaffinity(0, sizeof(cpus), &cpus);
	}
}

int main(int argc, char **argv)
{
	static char one[] = "1", two[] = "2";
	int rounds = argc > 3 ? atoi(argv[3]) : 1000;

	if (argc == 4 && argv[1][0] >= '1' && argv[1][0] <= '9')
		return call(atoi(argv[1]), argv[2], argv[3]);
	if (argc < 3 || rounds < 10 || rounds > 100000)
		return 2;
	strncat(preload, argv[1], sizeof(preload) - strlen(preload) - 1);
	prepare();
	printf("%s\n", argv[2]);
	measure(one, argv[2], rounds);
	measure(two, argv[2], rounds);
	return 0;
}
