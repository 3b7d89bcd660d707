/* SPDX-License-Identifier: MIT */
/*
 * What a thread creation and an exec take that meet nothing: guard-cost N
 * prints the mean of N creations, and of a tenth of that of execs, in ns:
 * "creation A, exec B, exec of two threads C".  (With the end of the thread or
 * the process.)  In a machine of QEMU's with -icount shift=0 a ns is one
 * instruction.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

enum { EXECS = 10 };

static void *end_at_once(void *arg)
{
	return arg;
}

static void *stay(void *arg)
{
	pause();
	return arg;
}

static void create(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, end_at_once, NULL) ||
	    pthread_join(thread, NULL))
		exit(1);
}

static void exec_with(int threads)
{
	char *const argv[] = { "cost", NULL }, *const envp[] = { NULL };
	pthread_t thread;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		while (--threads)
			if (pthread_create(&thread, NULL, stay, NULL))
				_exit(1);
		execve("/proc/self/exe", argv, envp);
		_exit(1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		exit(1);
}

static void exec_one(void)
{
	exec_with(1);
}

static void exec_two(void)
{
	exec_with(2);
}

static double mean(void (*once)(void), int n)
{
	long long began;
	int i;

	once();
	began = clock_ns();
	for (i = 0; i < n; i++)
		once();
	return (double)(clock_ns() - began) / n;
}

int main(int argc, char **argv)
{
	int n;

	if (argc < 2)
		return 0;
	n = atoi(argv[1]);
	printf("creation %.0f, exec %.0f, exec of two threads %.0f\n",
	       mean(create, n), mean(exec_one, n / EXECS),
	       mean(exec_two, n / EXECS));
	return 0;
}
