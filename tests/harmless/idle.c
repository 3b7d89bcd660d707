/* SPDX-License-Identifier: MIT */
/*
 * Preloaded: one thread more in every process, which takes no signal and does
 * nothing.  No program is alone then, so under the shim its execs go the way
 * of a threaded program's.
 */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void start(void)
{
	pthread_attr_t attr;
	sigset_t all, old;
	pthread_t t;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	/* Where there is no room for a thread the program goes on without. */
	pthread_create(&t, &attr, idle, NULL);
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

__attribute__((constructor)) static void begin(void)
{
	start();
	/* A fork child has one thread, and most programs exec there. */
	pthread_atfork(NULL, NULL, start);
}
