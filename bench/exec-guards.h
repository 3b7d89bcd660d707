/* SPDX-License-Identifier: MIT */
/* How creations and execs keep out of each other's way: ours, and what a
   program might do by itself. */
#ifndef BENCH_EXEC_GUARDS_H
#define BENCH_EXEC_GUARDS_H

#include <pthread.h>

struct guard {
	const char *name;
	/* Around a creation; NULL: nothing. */
	void (*enter)(void);
	void (*leave)(void);
	/* Before an exec, if not by a function of ours; NULL: nothing. */
	void (*before_exec)(void);
	int retries; /* creations that fail with EAGAIN are tried again */
	int is_ours;
};

/* By its name, or NULL. */
const struct guard *guard_find(const char *name);

/* pthread_create(3), guarded.  *refused becomes how often it said EAGAIN. */
int guard_create(const struct guard *guard, pthread_t *thread,
		 const pthread_attr_t *attr, void *(*fn)(void *), void *arg,
		 int *refused);

#endif
