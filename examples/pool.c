/* SPDX-License-Identifier: MIT */
/*
 * A pool that makes a thread when there is work and lets it go when there is
 * none, beside threads that may exec at any time.  An EAGAIN from
 * cx_pthread_create is about a limit, never about an exec: so it may be taken
 * at its word, and the job is done by the caller.
 *
 *	pool JOBS	then execs: echo JOBS
 */
#include <clonexec.h>
#include <stdio.h>
#include <stdlib.h>

enum { WORKERS = 4 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t less_to_do = PTHREAD_COND_INITIALIZER;
static unsigned int workers, done;

static void *work(void *arg)
{
	pthread_mutex_lock(&lock);
	done++; /* the job */
	workers--;
	pthread_cond_signal(&less_to_do);
	pthread_mutex_unlock(&lock);
	return arg;
}

static void submit(const pthread_attr_t *detached)
{
	pthread_t thread;

	pthread_mutex_lock(&lock);
	while (workers == WORKERS)
		pthread_cond_wait(&less_to_do, &lock);
	workers++;
	pthread_mutex_unlock(&lock);
	if (cx_pthread_create(&thread, detached, work, NULL) != 0)
		work(NULL); /* no thread is available */
}

int main(int argc, char **argv)
{
	unsigned long i, jobs = argc > 1 ? strtoul(argv[1], NULL, 10) : 100;
	char text[16];
	pthread_attr_t detached;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	for (i = 0; i < jobs; i++)
		submit(&detached);
	pthread_mutex_lock(&lock);
	while (workers > 0)
		pthread_cond_wait(&less_to_do, &lock);
	snprintf(text, sizeof(text), "%u", done);
	cx_execlp("echo", "echo", text, (char *)NULL);
	perror("pool: echo");
	return 127;
}
