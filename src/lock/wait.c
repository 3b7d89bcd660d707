/* SPDX-License-Identifier: MIT */
#include "wait.h"

#include <errno.h>

#include "sys.h"

static uint32_t timeout_ms = WAIT_TIMEOUT_DEFAULT;

uint32_t cx_wait_timeout(void)
{
	return __atomic_load_n(&timeout_ms, __ATOMIC_RELAXED);
}

int cx_wait_set_timeout(unsigned int milliseconds)
{
	if (milliseconds > WAIT_TIMEOUT_MAX)
		return -EINVAL;
	__atomic_store_n(&timeout_ms, milliseconds, __ATOMIC_RELAXED);
	return 0;
}

void cx_wait_begin(struct cx_wait_limit *limit)
{
	struct timespec *t = &limit->until;

	if (limit->has_begun)
		return;
	limit->has_begun = 1;
	sys_clock_monotonic(t);
	t->tv_sec += limit->milliseconds / 1000;
	t->tv_nsec += (long)(limit->milliseconds % 1000) * 1000000;
	if (t->tv_nsec >= 1000000000) {
		t->tv_nsec -= 1000000000;
		t->tv_sec++;
	}
}

uint32_t cx_wait_left(struct cx_wait_limit *limit)
{
	struct timespec now = { 0, 0 };

	if (!limit->has_begun)
		return limit->milliseconds;
	if (sys_clock_monotonic(&now) < 0 || cx_wait_is_over(limit))
		return 0;
	return (uint32_t)((limit->until.tv_sec - now.tv_sec) * 1000 +
			  (limit->until.tv_nsec - now.tv_nsec) / 1000000);
}

int cx_wait_is_over(struct cx_wait_limit *limit)
{
	const struct timespec *until = &limit->until;
	struct timespec now = { 0, 0 };

	cx_wait_begin(limit);
	if (sys_clock_monotonic(&now) < 0)
		return 1; /* no clock, no bound: do not wait at all */
	return now.tv_sec > until->tv_sec ||
	       (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec);
}

int cx_wait_on(uint32_t *word, uint32_t value, uint32_t channel,
	       struct cx_wait_limit *limit)
{
	int r;

	cx_wait_begin(limit);
	r = sys_futex_wait(word, value, &limit->until, channel);
	if (r == -ETIMEDOUT || cx_wait_is_over(limit))
		return -ETIMEDOUT;
	if (r != 0 && r != -EAGAIN && r != -EINTR)
		arch_syscall3(SYS_sched_yield, 0, 0, 0);
	return 0;
}
