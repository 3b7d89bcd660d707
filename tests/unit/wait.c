/* SPDX-License-Identifier: MIT */
/* A time limit that begins with the first question, and what ends a wait. */
#include "wait.h"

#include <errno.h>
#include <stddef.h>
#include <time.h>

#include "tap.h"

static void not_begun(void)
{
	struct cx_wait_limit limit = cx_wait_within(700);

	check(cx_wait_left(&limit) == 700, "not all of it is left");
	check(!limit.has_begun, "it began by being asked what is left");
	check(!cx_wait_is_over(&limit), "it is over before it began");
	check(limit.has_begun, "it did not begin");
}

/* With 999 ms the nanoseconds carry over, whenever this runs. */
static void begun(void)
{
	static const uint32_t some[] = { 1, 999, 59999, WAIT_TIMEOUT_MAX };
	struct cx_wait_limit limit;
	struct timespec until;
	unsigned int i;

	for (i = 0; i < sizeof some / sizeof *some; i++) {
		limit = cx_wait_within(some[i]);
		cx_wait_begin(&limit);
		until = limit.until;
		check(until.tv_nsec >= 0 && until.tv_nsec < 1000000000,
		      "%u ms: %ld ns", some[i], until.tv_nsec);
		check(cx_wait_left(&limit) <= some[i], "%u ms grew", some[i]);
		cx_wait_begin(&limit);
		check(until.tv_sec == limit.until.tv_sec &&
			      until.tv_nsec == limit.until.tv_nsec,
		      "%u ms began twice", some[i]);
	}
	check(cx_wait_left(&limit) > WAIT_TIMEOUT_MAX / 2, "half is gone");
}

static void over(void)
{
	struct cx_wait_limit limit = cx_wait_within(0);
	uint32_t word = 1;

	check(cx_wait_is_over(&limit), "no time, and not over");
	check(cx_wait_left(&limit) == 0, "%u ms left", cx_wait_left(&limit));
	check(cx_wait_on(&word, 1, 1, &limit) == -ETIMEDOUT, "it waited");
}

/* A futex that answers with an error must not end the caller's loop for good,
   nor be asked for ever. */
static void no_futex(void)
{
	struct cx_wait_limit limit = cx_wait_within(300);
	uint32_t words[2] = { 1, 1 };
	/* Not on a boundary of four bytes: EINVAL. */
	uint32_t *odd = (uint32_t *)(void *)((char *)words + 1);
	unsigned long n = 0;
	int r;

	while ((r = cx_wait_on(odd, 1, 1, &limit)) == 0)
		n++;
	check(r == -ETIMEDOUT && n > 0, "%d after %lu waits", r, n);
}

static void changed(void)
{
	struct cx_wait_limit limit = cx_wait_within(60000);
	uint32_t word = 2;

	check(cx_wait_on(&word, 1, 1, &limit) == 0, "it waited for a change");
}

static void bounds(void)
{
	check(cx_wait_timeout() == WAIT_TIMEOUT_DEFAULT, "another default");
	check(cx_wait_set_timeout(WAIT_TIMEOUT_MAX + 1) == -EINVAL, "too long");
	check(cx_wait_set_timeout(WAIT_TIMEOUT_MAX) == 0 &&
		      cx_wait_timeout() == WAIT_TIMEOUT_MAX,
	      "the longest");
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "all is left before it begins", not_begun, 10 },
		{ "it begins once, and counts down", begun, 10 },
		{ "what is over is over", over, 10 },
		{ "a futex that fails is bounded, too", no_futex, 10 },
		{ "a word that has changed is not waited for", changed, 10 },
		{ "the bounds of a time limit", bounds, 10 },
	};

	return tap_main(cases);
}
