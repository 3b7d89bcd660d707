/* SPDX-License-Identifier: MIT */
/* The ways to exec that are compared. */
#ifndef BENCH_EXEC_MEANS_H
#define BENCH_EXEC_MEANS_H

#include "exec-guards.h"

struct means {
	const char *name;
	/* Returns only if it fails. */
	void (*exec)(const char *path, char *const argv[], char *const envp[]);
	const char *guard; /* of the creations beside it */
};

/* By its name, or NULL. */
const struct means *means_find(const char *name);

/* The i-th, or NULL. */
const struct means *means_at(int i);

#endif
