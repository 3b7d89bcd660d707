/* SPDX-License-Identifier: MIT */
/* What `clonexec watch` prints: a line a loss, for people or as JSON. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "advice.h"
#include "hooks.h"
#include "journal.h"
#include "loss.h"

struct report {
	int json;
	struct journal *journal; /* what is told goes there; or NULL */
	long long realtime;	 /* CLOCK_REALTIME - CLOCK_MONOTONIC, ns */
};

struct report_sum {
	long losses;
	unsigned long long eagain, limit, withheld, dropped;
	int counts_eagain;
	double seconds;
	const struct hooks *hooks;
};

void report_begin(struct report *r, int json, struct journal *journal);

enum { REPORT_STAMP = 48 };
/* The time of an event, as every line begins with it. */
void report_stamp(const struct report *r, unsigned long long monotonic,
		  char text[REPORT_STAMP]);

/*
 * Begins a line of text on standard output, with its time (0: without), or the
 * message of an entry in the journal, which has a time of its own.
 */
FILE *report_line(const struct report *r, unsigned long long monotonic);
/* Ends it.  event: its name, as in JSON. */
void report_line_end(const struct report *r, const char *event);

/* path may be NULL. */
void report_loss(const struct report *r, const struct event *e,
		 const char *path, const struct loss *l,
		 const struct advice *a);
void report_eagain(const struct report *r, unsigned int tid,
		   const struct event_eagain *e);
void report_summary(const struct report *r, const struct report_sum *s);

#endif
