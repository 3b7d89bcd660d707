/* SPDX-License-Identifier: MIT */
/*
 * SIGEV_THREAD: libc makes a thread for every expiry, out of the reach of
 * anybody who replaces pthread_create.
 */
#include "creators.h"

#include <signal.h>
#include <time.h>

static void expired(union sigval value)
{
	atomic_fetch_add(&created, 1);
}

int main(int argc, char **argv)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD,
		.sigev_notify_function = expired,
	};
	struct itimerspec often = {
		.it_interval = { .tv_nsec = 50000 },
		.it_value = { .tv_nsec = 50000 },
	};
	timer_t timer;

	if (argc < 2 || timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
	    timer_settime(timer, 0, &often, NULL) != 0)
		return 2;
	return exec_amid(argv, 10);
}
