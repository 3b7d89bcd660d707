/* SPDX-License-Identifier: MIT */
/*
 * clonexec-watch as a witness of one loss in the children of this process.
 * Functions return 0 or -errno.
 */
#ifndef OBSERVER_H
#define OBSERVER_H

#include <sys/types.h>

#include "timeline.h"

struct observer {
	pid_t pid;
	int out, err;
};

/* All hooks are in place on return; or why[] says what is missing. */
int observer_start(struct observer *o, char *why, size_t size);

/* The first loss since; of which process it was, in *pid. */
int observer_read(struct observer *o, int limit_ms, int *pid,
		  struct timeline_kernel *k);

void observer_end(struct observer *o);

#endif
