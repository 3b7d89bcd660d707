/* SPDX-License-Identifier: MIT */
/* The child's half of race.h. */
#ifndef RACE_CHILD_H
#define RACE_CHILD_H

#include <stdatomic.h>

#include "race.h"

/* In memory that parent and child share. */
struct race_page {
	atomic_int stage;
	atomic_int error;    /* of that stage, -errno */
	atomic_int released;
	atomic_int stop;
	atomic_uint eagain;
	atomic_uint created;
	atomic_llong started; /* CLOCK_MONOTONIC, ns: exec was called */
};

long long race_now(void);

/* Never returns: it becomes the victim, or leaves why not in the page. */
_Noreturn void race_child(const struct race *race, struct race_page *page);

#endif
