/* SPDX-License-Identifier: MIT */
/*
 * One run of the race as it went: what happened in the lane of the thread
 * that creates and in that of the thread that execs, and how many users the
 * file system context had meanwhile, and how many threads the process.
 */
#ifndef TIMELINE_H
#define TIMELINE_H

#include <stdio.h>

#include "race.h"

enum timeline_lane { TIMELINE_CLONE, TIMELINE_EXEC, TIMELINE_LANES };

enum { TIMELINE_MARKS = 8, TIMELINE_STEPS = 6 };

struct timeline_mark {
	double us; /* since the first one */
	enum timeline_lane lane;
	char text[64];
};

struct timeline_step {
	double us; /* from then on */
	int users, threads;
};

struct timeline {
	int made;
	int frozen;	  /* else it was caught among many */
	int by_kernel;	  /* some marks come from the kernel (BPF) */
	char unseen[160]; /* why not, if they do not */
	enum target_kind kind;
	enum target_verdict verdict;
	int pid, creator;
	struct timeline_mark mark[TIMELINE_MARKS]; /* in order of time */
	int marks;
	double window_from, window_to; /* users and threads disagree */
	struct timeline_step step[TIMELINE_STEPS];
	int steps;  /* 0: not known */
	double end; /* the new program starts */
};

/* What the kernel said of it; times in ns of CLOCK_MONOTONIC, 0: unknown. */
struct timeline_kernel {
	long long prepare, creation, exec;
	int completed; /* the creation; else it was cut off */
	int threads, users;
};

/* From what user space saw and, unless it is NULL, what the kernel said. */
void timeline_build(struct timeline *t, const struct race *race,
		    const struct race_result *r,
		    const struct timeline_kernel *k);

/* From one label of the axis to the next: 1, 2 or 5, or that with zeros, so
   that beside 0 there are as many at most. */
double timeline_step(const struct timeline *t, int most);

/* "The race, frozen: ...", for a headline; into text. */
const char *timeline_title(const struct timeline *t, char text[128]);

/* Drawn with letters, 80 columns. */
void timeline_print(const struct timeline *t, FILE *out);

/* alone: a whole file. */
void timeline_svg(const struct timeline *t, FILE *out, int alone);

#endif
