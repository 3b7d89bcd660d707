/* SPDX-License-Identifier: MIT */
/* One call of an exec function that was replaced, from there to its end. */
#ifndef PRELOAD_EXECCALL_H
#define PRELOAD_EXECCALL_H

#include "attempt.h"
#include "next.h"

struct execcall {
	struct cx_attempt attempt;
	int searches;	   /* file is looked for in PATH */
	int past_preloads; /* libc's own was asked for */
	/* Who could do it in our place: */
	enum next_name namesake; /* the same function */
	enum next_name with_env; /* or one that is told the environment */
};

/* Returns, if at all, as libc does: -1 and errno; or 0. */
int execcall(struct execcall *call);

/* A negative errno as libc says it. */
int execcall_answer(int r);

/* What errno is; 0 if this libc is unknown. */
int execcall_error(void);

/* Whether the process's libc is glibc. */
int execcall_is_glibc(void);

#endif
