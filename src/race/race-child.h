/* SPDX-License-Identifier: MIT */
/* The child's half of race.h. */
#ifndef RACE_CHILD_H
#define RACE_CHILD_H

#include <stdatomic.h>

#include "race.h"

enum { RACE_CREATORS = 2 };

/* In memory that parent and child share. */
struct race_page {
	atomic_int stage;
	atomic_int error; /* of that stage, -errno */
	atomic_int released;
	atomic_int stop;
	atomic_uint eagain;
	atomic_uint created;
	atomic_llong started; /* CLOCK_MONOTONIC, ns: exec was called */
	atomic_llong frozen;  /* the clone was seen to stand still */
	struct race_creation {
		atomic_int tid;
		atomic_llong called;   /* the last creation, likewise */
		atomic_llong returned; /* 0: not yet */
	} creation[RACE_CREATORS];     /* a frozen one is the first */
};

/* Never returns: it becomes the target, or leaves why not in the page. */
_Noreturn void race_child(const struct race *race, struct race_page *page);

#endif
