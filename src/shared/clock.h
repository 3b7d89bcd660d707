/* SPDX-License-Identifier: MIT */
/* CLOCK_MONOTONIC, in which all times of the race and of its events are. */
#ifndef CLOCK_H
#define CLOCK_H

#include <time.h>

static inline long long clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static inline long long clock_ms(void)
{
	return clock_ns() / 1000000;
}

static inline double clock_seconds(void)
{
	return (double)clock_ns() / 1e9;
}

#endif
