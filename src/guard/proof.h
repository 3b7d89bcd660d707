/* SPDX-License-Identifier: MIT */
/*
 * That the guard works and is not merely attached: a few execs of a static
 * set-uid program, each beside a thread creation that is frozen in the kernel,
 * and what became of them.  Where none can be frozen (before Linux 6.9, no
 * userfaultfd) another process that shares the fs stands for the creation.
 */
#ifndef PROOF_H
#define PROOF_H

#include <stddef.h>

#include "guard.h"

enum { PROOF_EXECS = 10, PROOF_RELEASE_MS = 10 };

struct proof {
	int frozen;		 /* or shared */
	int execs;		 /* that were tried */
	int lost, kept, refused; /* of them */
	unsigned long long met;	 /* as the counters have it */
	unsigned long long begun_again, let_go, unqueued;
};

/*
 * So many execs, whatever is attached; each creation goes on so long after the
 * exec was called, or never if that is 0.  0, or -errno and one line in why[].
 */
int proof_run(struct proof *p, int execs, int release_ms, char *why,
	      size_t size);

/* Whether that is what the mode promises; if not, one line in why[]. */
int proof_is_good(const struct proof *p, enum guard_mode mode, char *why,
		  size_t size);

/* "kept 10 of 10, frozen" */
void proof_say(const struct proof *p, enum guard_mode mode, char *text,
	       size_t size);

#endif
