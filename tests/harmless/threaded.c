/* SPDX-License-Identifier: MIT */
/*
 * A program with threads that starts another: by fork and exec, by vfork and
 * exec, by system, by a failed exec, and at last in its own place.
 *
 *	threaded PROGRAM [ARGUMENT]...
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *work(void *arg)
{
	char *text = malloc(100);

	pthread_mutex_lock(&mutex);
	if (text)
		count += snprintf(text, 100, "thread") > 0;
	pthread_mutex_unlock(&mutex);
	free(text);
	return arg;
}

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void child(const char *how, pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	printf("%s: status %x\n", how, (unsigned int)status);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char *none[] = { "none", NULL };
	pthread_t t, workers[8];
	pid_t pid;
	int i;

	if (argc < 2 || pthread_create(&t, NULL, idle, NULL) != 0)
		return 2;
	for (i = 0; i < 8; i++)
		if (pthread_create(&workers[i], NULL, work, NULL) != 0)
			return 2;
	for (i = 0; i < 8; i++)
		pthread_join(workers[i], NULL);
	printf("%d threads\n", count);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", "exit 4", (char *)NULL);
		_exit(1);
	}
	child("fork", pid);
	pid = vfork();
	if (pid == 0) {
		execlp("sh", "sh", "-c", "exit 5", (char *)NULL);
		_exit(1);
	}
	child("vfork", pid);
	printf("system: %x\n", (unsigned int)system("exit 6"));
	i = execv("/no/such", none);
	printf("failed: %d, %s\n", i, strerror(errno));
	fflush(stdout);
	/* On the heap, where valgrind knows each byte. */
	for (i = 1; i < argc; i++)
		argv[i] = strdup(argv[i]);
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 1;
}
