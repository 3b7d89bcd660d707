/* SPDX-License-Identifier: MIT */
/* The sums that verdict and exit status are made of. */
#ifndef PROBE_SUM_H
#define PROBE_SUM_H

#include "probe.h"

struct probe_sum {
	int asked;   /* cells */
	int tested;  /* those with any result */
	int untold;  /* frozen races that a busy machine did not let run */
	int unknown; /* of these, those without any runs */
	int frozen, frozen_lost;
	long runs, lost;
	unsigned long long eagain;
	int broken;
	int creations, refused; /* beside an exec that stood still */
};

/* Over plain execve (under = 0), or over all that clonexec did (1). */
void probe_add_up(const struct probe *p, int under, struct probe_sum *sum);

#endif
