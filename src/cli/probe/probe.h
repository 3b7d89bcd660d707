/* SPDX-License-Identifier: MIT */
/* What the parts of `clonexec probe` share: options, cells and results. */
#ifndef PROBE_H
#define PROBE_H

#include "guardstate.h"
#include "probe-strategy.h"
#include "race.h"
#include "target.h"
#include "timeline.h"

enum { PROBE_SAMPLES = 1024 };

struct probe_options {
	unsigned int targets;	 /* one bit a target_kind */
	unsigned int strategies; /* one bit a probe_strategy */
	long runs;		 /* a cell, at most */
	double until_ci;	 /* 0, or the width, as a fraction */
	double seconds;		 /* for everything */
	int use_all;		 /* of them */
	int json;
	int timeline;
	const char *timeline_file; /* NULL: onto the report */
	const char *html_file;	   /* or NULL; "-": stdout */
	int quiet;
	int verbose;
	int help;
};

/* One target under one strategy. */
struct probe_cell {
	int asked;
	int closed;	 /* no more runs */
	int frozen_runs; /* 0: could not be frozen */
	int untold;	 /* for the machine was too busy */
	enum target_verdict frozen;
	char frozen_line[160];
	long runs; /* kept + lost */
	long lost;
	unsigned long long eagain;
	int broken; /* frozen or not, neither kept nor lost */
	int broken_error;
	long samples[PROBE_SAMPLES]; /* microseconds of an exec */
};

/* Thread creations beside an exec that stood still; none: not tried. */
struct probe_creations {
	int created, refused;
};

struct probe {
	struct probe_options options;
	struct targets targets;
	struct target_caller caller;
	int drops;   /* we are root, and become caller */
	int alone;   /* no other id exists here */
	int guarded; /* the guard is on, as far as we may know */
	struct guard_about guard;
	char untested[TARGET_KINDS][96]; /* why; "" if it was tested */
	char unfrozen[96];		 /* the same for the frozen race */
	char unstopped[96]; /* and for the exec that stands still */
	struct probe_creations stopped[PROBE_STRATEGIES];
	const char *refused[PROBE_STRATEGIES]; /* and for a strategy, or NULL */
	struct probe_cell cell[TARGET_KINDS][PROBE_STRATEGIES];
	struct timeline timeline;
	double give_up; /* clock_seconds(): nothing is tried again after that */
	int out_of_time;
	int interrupted;
	double seconds; /* that it took */
};

/* Everything but the report.  0 or -errno: no target could be made. */
int probe_measure(struct probe *p);

/* The guard mends plain execve; then a creation that is frozen has to go on
   one day. */
static inline int probe_is_mended(const struct probe *p)
{
	return p->guarded && guardstate_is_for_all(&p->guard);
}

void probe_report(struct probe *p);
void probe_report_json(struct probe *p, int status);

#endif
