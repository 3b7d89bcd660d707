/* SPDX-License-Identifier: MIT */
/*
 * Signals for a thread whose exec by the helper fails, again and again: each
 * is handled once.  Those that it does not block are not for the helper to
 * carry over, however they meet it.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include <clonexec.h>

#include "storms/storm.h"
#include "tap.h"

enum { SIGNALS = 40000, CHANGES = 3000 };

static pthread_t execing;
static atomic_int done;
static unsigned char handled[SIGNALS];

static void count(int sig, siginfo_t *info, void *context)
{
	handled[info->si_value.sival_int]++;
	(void)sig, (void)context;
}

static void *send_signals(void *arg)
{
	union sigval value;
	volatile int k;
	int i;

	for (i = 0; i < SIGNALS; i++) {
		/* At all moments of an exec, in no order. */
		for (k = i * 7919 % 60000; k > 0; k--)
			;
		value.sival_int = i;
		while (pthread_sigqueue(execing, SIGRTMIN + 1, value) == EAGAIN)
			usleep(100); /* its queue is full */
	}
	atomic_store(&done, 1);
	return arg;
}

static void fail_until_done(void *(*other)(void *))
{
	char *const argv[] = { (char *)"x", NULL };
	pthread_t t;

	storm_make_garbage();
	cx_set_strategy(CX_HELPER);
	execing = pthread_self();
	check(pthread_create(&t, NULL, other, NULL) == 0, "thread");
	while (!atomic_load(&done))
		check(cx_execv(storm_garbage, argv) == -1 && errno == ENOEXEC,
		      "exec: %s", strerror(errno));
	pthread_join(t, NULL);
	storm_remove_garbage();
}

static void each_once(void)
{
	struct sigaction sa = { .sa_sigaction = count,
				.sa_flags = SA_SIGINFO | SA_RESTART };
	int i;

	sigaction(SIGRTMIN + 1, &sa, NULL);
	fail_until_done(send_signals);
	for (i = 0; i < SIGNALS; i++)
		check(handled[i] == 1, "signal %d was handled %d times", i,
		      handled[i]);
}

/* In glibc it waits until every thread has handled signal 33, once each. */
static void *change_ids(void *arg)
{
	int i;

	for (i = 0; i < CHANGES; i++)
		if (seteuid(1000) || seteuid(0))
			_exit(1);
	atomic_store(&done, 1);
	return arg;
}

static void beside_seteuid(void)
{
	tap_need_root();
	fail_until_done(change_ids);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "a signal for the thread is handled once", each_once, 120 },
		{ "seteuid in another thread comes to its end",
		  beside_seteuid, 120 },
	};

	return tap_main(cases);
}
