/* SPDX-License-Identifier: MIT */
/*
 * What was seen, counted, as a file in the text format of Prometheus: for
 * node_exporter's textfile collector.  A new one is in its place whole or not
 * at all.
 */
#ifndef METRICS_H
#define METRICS_H

#include "advice.h"
#include "loss.h"

/* One user, who can make files and groups of any name, takes no more than a
   part of them. */
enum { METRICS_SERIES = 256, METRICS_OF_USER = 64 };

struct metrics_series {
	char labels[512]; /* as they are written */
	unsigned long long count;
	unsigned int uid; /* whose loss was the first one */
};

struct metrics {
	const char *path; /* NULL: none is wanted */
	struct metrics_series series[METRICS_SERIES];
	int used;
	unsigned long long other; /* losses that had no room for a series */
	unsigned long long guard[EVENT_GUARD_WHATS];
	double last_loss, started; /* seconds of CLOCK_REALTIME */
	double written_at;	   /* of CLOCK_MONOTONIC */
	int is_stale, has_failed;
};

/* What the counters of the kernel's half say. */
struct metrics_counts {
	unsigned long long eagain, withheld, dropped;
	int counts_eagain;
};

/*
 * Writes the first one; 0 or -errno.  When the last loss was is taken over from
 * a file that is there, for an alert asks how long ago that is; whatever else a
 * file has says nothing.
 */
int metrics_begin(struct metrics *m, const char *path);

/* uid: who lost. */
void metrics_loss(struct metrics *m, const char *path, unsigned int uid,
		  const struct loss *l, const struct advice *a);
void metrics_guard(struct metrics *m, unsigned int what);

/* Whether there is something to write; now: seconds of CLOCK_MONOTONIC. */
int metrics_is_due(const struct metrics *m, double now);

/* 0 or -errno, of which the first is told on stderr: a full disk is no reason
   to see nothing. */
int metrics_write(struct metrics *m, const struct metrics_counts *c,
		  double now);

#endif
