/* SPDX-License-Identifier: MIT */
/* What `clonexec watch` prints: a line a loss, for people or as JSON. */
#ifndef REPORT_H
#define REPORT_H

#include "hooks.h"
#include "loss.h"

struct report {
	int json;
	long long realtime; /* CLOCK_REALTIME - CLOCK_MONOTONIC, ns */
};

struct report_sum {
	long losses;
	unsigned long long eagain, limit, withheld, dropped;
	int counts_eagain;
	double seconds;
	const struct hooks *hooks;
};

void report_begin(struct report *r, int json);

enum { REPORT_STAMP = 48 };
/* The time of an event, as every line begins with it. */
void report_stamp(const struct report *r, unsigned long long monotonic,
		  char text[REPORT_STAMP]);

/* path may be NULL. */
void report_loss(const struct report *r, const struct event *e,
		 const char *path, const struct loss *l);
void report_eagain(const struct report *r, unsigned int tid,
		   const struct event_eagain *e);
void report_summary(const struct report *r, const struct report_sum *s);

#endif
