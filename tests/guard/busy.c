/* SPDX-License-Identifier: MIT */
/*
 * For guest-checkpoint: a process that has creations beside execs all the time,
 * so that a guard begins calls again all the time.  guard-busy FILE, which must
 * not be a program.  Every so often a line tells how many were made; a call
 * that ends as none should makes a last line, "wrong".
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "sys.h"

enum { IDLE = 4, REPORT = 200, PAUSE_US = 100 };

static void wrong(const char *what, int error)
{
	printf("wrong: %s, errno %d\n", what, error);
	fflush(stdout);
	_exit(1);
}

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void *end_at_once(void *arg)
{
	return arg;
}

static void *exec_often(void *path)
{
	char *argv[] = { path, NULL }, *envp[] = { NULL };
	int error;

	for (;;) {
		error = -sys_execve(path, argv, envp);
		if (error != ENOEXEC)
			wrong("exec", error);
		usleep(PAUSE_US);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned int i, refused = 0;
	pthread_t thread;
	int error;

	if (argc != 2)
		return 2;
	for (i = 0; i < IDLE; i++)
		if (pthread_create(&thread, NULL, idle, NULL))
			return 1;
	if (pthread_create(&thread, NULL, exec_often, argv[1]))
		return 1;
	for (i = 1;; i++) {
		error = pthread_create(&thread, NULL, end_at_once, NULL);
		if (error && error != EAGAIN)
			wrong("creation", error);
		refused += error != 0;
		if (!error)
			pthread_join(thread, NULL);
		if (i % REPORT == 0) {
			printf("%u made, %u refused\n", i - refused, refused);
			fflush(stdout);
		}
	}
}
