/* SPDX-License-Identifier: MIT */
/*
 * What `clonexec guard` has done, where it is on and we may know: in the same
 * stream as the losses.  One reader at a time, for each event is given out
 * once.
 */
#ifndef GUARDED_H
#define GUARDED_H

#include "event.h"
#include "metrics.h"
#include "report.h"

struct ring_buffer;

struct guarded {
	/* Whether an event is wanted. */
	int (*wants)(void *arg, const struct event_guard *e);
	void *arg;
	const struct report *report;
	struct metrics *metrics;
	struct ring_buffer *ring; /* NULL: none */
	unsigned long long inode; /* of the directory that it is from */
	int lock;		  /* the reader's */
	double looked_at;	  /* seconds */
	long told;
};

void guarded_begin(struct guarded *g, double now);

/* To be called often: tells what there is.  One that is put in the guard's
   place, or is there later, is found. */
void guarded_report(struct guarded *g, double now);
void guarded_end(struct guarded *g);

#endif
