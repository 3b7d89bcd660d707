/* SPDX-License-Identifier: MIT */
/*
 *	exec-slow MILLISECONDS
 *
 * A thread creates and joins threads beside an exec that stands still so long
 * inside the kernel, as on a dead server's file: a line "MEANS LONGEST REFUSED"
 * for each way, the longest creation in microseconds and how many failed with
 * EAGAIN.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "exec-means.h"
#include "stall.h"

enum { BETWEEN_US = 1000, BEFORE_US = 20000 };

static struct stall stall;
static const struct guard *guard;
static unsigned int stalled_us;
static atomic_int is_over;
static long long longest; /* ns */
static int refused;

static void *nothing(void *arg)
{
	return arg;
}

static void *create(void *arg)
{
	pthread_t thread;
	long long begin, took;
	int n;

	while (!atomic_load(&is_over)) {
		begin = clock_ns();
		if (guard_create(guard, &thread, NULL, nothing, NULL, &n) == 0)
			pthread_join(thread, NULL);
		took = clock_ns() - begin;
		if (took > longest)
			longest = took;
		refused += n;
		usleep(BETWEEN_US);
	}
	return arg;
}

static void *release(void *arg)
{
	stall_wait(&stall);
	usleep(stalled_us);
	stall_release(&stall);
	return arg;
}

static void run(const struct means *means)
{
	char *argv[] = { stall.script, NULL }, *envp[] = { NULL };
	pthread_t creator, releaser;

	stall_open(&stall);
	guard = guard_find(means->guard);
	if (pthread_create(&creator, NULL, create, NULL) != 0 ||
	    pthread_create(&releaser, NULL, release, NULL) != 0)
		exit(1);
	usleep(BEFORE_US);
	if (guard->before_exec)
		guard->before_exec();
	means->exec(stall.script, argv, envp); /* fails at last */
	if (guard->before_exec)
		guard->leave();
	atomic_store(&is_over, 1);
	pthread_join(creator, NULL);
	stall_close(&stall);
	printf("%s %lld %d\n", means->name, longest / 1000, refused);
	exit(0);
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "plain",  "auto",	"unshare",
					     "helper", "lock",	"bare-unshare",
					     "mutex",  "rwlock" };
	unsigned int i;
	int status;
	pid_t pid;

	if (argc != 2)
		return 2;
	stalled_us = (unsigned int)atoi(argv[1]) * 1000;
	for (i = 0; i < sizeof names / sizeof *names; i++) {
		fflush(stdout);
		pid = fork();
		if (pid == 0)
			run(means_find(names[i]));
		if (waitpid(pid, &status, 0) != pid || status != 0)
			return 1;
	}
	return 0;
}
