/* SPDX-License-Identifier: MIT */
/*
 * Events that nobody is told one by one: dropped, since there was no room for
 * them or the kernel skipped the hook, or withheld, since there were too many
 * of their origin.  A line says so at once, and then once a second while it
 * goes on.
 */
#ifndef UNTOLD_H
#define UNTOLD_H

#include "report.h"

struct untold {
	unsigned long long dropped, withheld; /* as told last */
	double dropped_at, withheld_at;	      /* when; in seconds */
	double looked_at;
};

/* To be called often; all: what there is, whenever the last line was. */
void untold_report(struct untold *u, const struct hooks *h,
		   const struct report *r, double now, int all);

#endif
