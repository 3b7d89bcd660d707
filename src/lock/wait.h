/* SPDX-License-Identifier: MIT */
/* Sleeping on a word until it changes or a time is over: P5's bound. */
#ifndef CX_WAIT_H
#define CX_WAIT_H

#include <stdint.h>
#include <time.h>

/* How long a creator and an exec wait for each other, in milliseconds. */
enum { WAIT_TIMEOUT_DEFAULT = 2000, WAIT_TIMEOUT_MAX = 3600 * 1000 };
uint32_t cx_wait_timeout(void);

/* 0 or -EINVAL. */
int cx_wait_set_timeout(unsigned int milliseconds);

/*
 * A time limit that begins with the first wait or question: most locks need not
 * wait, and then nobody asks for the time.
 */
struct cx_wait_limit {
	uint32_t milliseconds;
	int has_begun;
	struct timespec until;
};

static inline struct cx_wait_limit cx_wait_within(uint32_t milliseconds)
{
	return (struct cx_wait_limit){ .milliseconds = milliseconds };
}

/* Before a wait that has a shorter limit of its own. */
void cx_wait_begin(struct cx_wait_limit *limit);

/* Milliseconds, rounded down; 0 where it is over. */
uint32_t cx_wait_left(struct cx_wait_limit *limit);

int cx_wait_is_over(struct cx_wait_limit *limit);

/*
 * Sleeps while *word is value: -ETIMEDOUT once the limit has passed, whatever
 * futex answers meanwhile (EINTR storms and an ENOSYS end here too).
 * 0 means: look at the word again.
 */
int cx_wait_on(uint32_t *word, uint32_t value, uint32_t channel,
	       struct cx_wait_limit *limit);

#endif
