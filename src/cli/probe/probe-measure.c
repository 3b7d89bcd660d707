/* SPDX-License-Identifier: MIT */
/* The measuring half of `clonexec probe`. */
#include "probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "caller.h"
#include "clock.h"
#include "interrupt.h"
#include "probe-stopped.h"
#include "probe-strategy.h"
#include "probe-timeline.h"
#include "stats.h"
#include "text.h"

enum {
	FROZEN_RUNS = 3,  /* one would do; a verdict is the worst of them */
	RUN_LIMIT = 4000, /* ms of its own */
	RELEASE_MS = 20,  /* under the guard */
	TRIES = 3,     /* of a frozen race that the machine did not let run */
	OVERTIME = 60, /* s beyond the budget for the first of each */
	MARGIN = 300,  /* ms of the budget that are left for the rest */
	TIMELINE_LIMIT = 20000, /* ms, beside the budget */
	MAX_BROKEN = 10,	/* then the cell is given up */
};

/* ---- Time ------------------------------------------------------------- */

struct clock {
	double start, end;
};

static int is_time_left(const struct clock *c)
{
	double margin = (c->end - c->start) / 10;

	margin = margin < MARGIN / 1e3 ? margin : MARGIN / 1e3;
	return clock_seconds() < c->end - margin;
}

/* ---- One run ---------------------------------------------------------- */

static int run_race(const struct probe *p, enum target_kind kind,
		    enum probe_strategy strategy, enum race_creators creators,
		    struct race_result *r)
{
	struct race race = {
		.kind = kind,
		.path = p->targets.path[kind],
		.caller = p->drops ? &p->caller : NULL,
		.creators = creators,
		.guarded = strategy == PROBE_LOCK,
		.exec = probe_strategy_exec(strategy),
		.arg = &strategy,
		.limit_ms = RUN_LIMIT,
	};

	if (strategy == PROBE_NONE && probe_is_mended(p))
		race.release_ms = RELEASE_MS;

	return race_run(&race, r);
}

/* The same, again if the machine did not let it run. */
static int try_race(const struct probe *p, enum target_kind kind,
		    enum probe_strategy strategy, enum race_creators creators,
		    struct race_result *r)
{
	int i, error = 0;

	for (i = 0; i < TRIES; i++) {
		error = run_race(p, kind, strategy, creators, r);
		if (!r->starved || interrupt_seen() ||
		    clock_seconds() > p->give_up)
			break;
	}
	return error;
}

static void count_broken(struct probe_cell *cell, int error)
{
	if (!cell->broken)
		cell->broken_error = error;
	if (++cell->broken >= MAX_BROKEN)
		cell->closed = 1;
}

/* ---- Can this be tested at all? --------------------------------------- */

static const char *why_no_copy(int error)
{
	if (error == -EPERM && geteuid() != 0)
		return "it needs root";
	return strerror(-error);
}

static const char *why_not_kept(const struct race_result *r)
{
	if (r->starved)
		return race_why(r, r->error);
	if (r->verdict == TARGET_BROKEN)
		return strerror(-r->error);
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return "no_new_privs is set, so exec grants nothing";
	return "exec grants nothing here even without a race";
}

/* An exec that nobody disturbs has to be granted what the file says. */
static void check_target(struct probe *p, enum target_kind kind)
{
	const char *why = "";
	struct race_result r;
	int error = p->targets.error[kind];

	if (p->alone && kind != TARGET_USERNS) {
		why = "this user namespace maps no second id";
	} else if (clock_seconds() > p->give_up) {
		why = "the machine is too busy to tell";
	} else if (error) {
		why = why_no_copy(error);
	} else {
		error = try_race(p, kind, PROBE_NONE, RACE_IDLE, &r);
		if (interrupt_seen())
			why = "it was interrupted";
		else if (error)
			why = race_why(&r, error);
		else if (r.verdict != TARGET_KEPT)
			why = why_not_kept(&r);
	}
	snprintf(p->untested[kind], sizeof(p->untested[kind]), "%s", why);
}

static void open_cells(struct probe *p)
{
	int kind, s;

	for (s = 0; s < PROBE_STRATEGIES; s++)
		if (p->options.strategies & 1u << s)
			p->refused[s] =
				probe_strategy_refused((enum probe_strategy)s);
	for (kind = 0; kind < TARGET_KINDS; kind++) {
		if (!(p->options.targets & 1u << kind))
			continue;
		check_target(p, (enum target_kind)kind);
		if (p->untested[kind][0])
			continue;
		for (s = 0; s < PROBE_STRATEGIES; s++)
			p->cell[kind][s].asked = p->options.strategies &
							 1u << s &&
						 !p->refused[s];
	}
}

/* ---- The frozen race -------------------------------------------------- */

/*
 * What plain execve kept in a frozen race shows that the kernel is fixed, if
 * the freezer makes an exec lose that would on every kernel.
 */
static int is_freeze_real(struct probe *p, enum target_kind kind)
{
	struct race_result r;
	int error = try_race(p, kind, PROBE_NONE, RACE_STRANGER, &r);

	if (interrupt_seen() || (!error && r.verdict == TARGET_LOST))
		return 1;
	snprintf(p->unfrozen, sizeof(p->unfrozen), "%s",
		 error ? race_why(&r, error) :
			 "a clone that is frozen makes no difference");
	return 0;
}

static int freeze_once(struct probe *p, enum target_kind kind,
		       enum probe_strategy strategy)
{
	struct probe_cell *cell = &p->cell[kind][strategy];
	struct race_result r;
	int error = try_race(p, kind, strategy, RACE_FROZEN, &r);

	/* Its process may have got the signal, too. */
	if (interrupt_seen())
		return -EINTR;
	if (r.starved) {
		cell->untold = !cell->frozen_runs;
		return 0;
	}
	if (error) {
		snprintf(p->unfrozen, sizeof(p->unfrozen), "%s",
			 race_why(&r, error));
		return error;
	}
	if (strategy == PROBE_NONE && r.verdict == TARGET_KEPT &&
	    !cell->frozen_runs && !probe_is_mended(p) &&
	    !is_freeze_real(p, kind))
		return -ENOTSUP;
	if (r.verdict == TARGET_BROKEN)
		count_broken(cell, r.error);
	if (!cell->frozen_runs++ || r.verdict > cell->frozen) {
		cell->frozen = r.verdict;
		memcpy(cell->frozen_line, r.line, sizeof(r.line));
	}
	return 0;
}

/*
 * Once each, whatever the budget is: without that there is no verdict.  On a
 * machine too busy for it this ends, too.
 */
static int freeze_each(struct probe *p, const struct clock *c, int first,
		       struct text_progress *bar)
{
	int kind, s;

	for (kind = 0; kind < TARGET_KINDS; kind++)
		for (s = 0; s < PROBE_STRATEGIES; s++) {
			struct probe_cell *cell = &p->cell[kind][s];

			if (!cell->asked)
				continue;
			text_progress(bar, 0, "the race, frozen");
			if (!first && !is_time_left(c))
				return -ETIME;
			if (clock_seconds() > p->give_up)
				cell->untold = 1;
			else if (freeze_once(p, (enum target_kind)kind,
					     (enum probe_strategy)s))
				return -ENOTSUP;
		}
	return 0;
}

static void freeze_all(struct probe *p, const struct clock *c,
		       struct text_progress *bar)
{
	int i;

	for (i = 0; i < FROZEN_RUNS; i++)
		if (freeze_each(p, c, i == 0, bar))
			return;
}

/* ---- The rates -------------------------------------------------------- */

/* A run that the machine did not let run says nothing. */
static void spin_once(struct probe *p, enum target_kind kind,
		      enum probe_strategy strategy)
{
	struct probe_cell *cell = &p->cell[kind][strategy];
	struct race_result r;
	int error = run_race(p, kind, strategy, RACE_SPINNING, &r);

	if (interrupt_seen())
		return;
	if (error || r.verdict == TARGET_BROKEN) {
		if (!r.starved)
			count_broken(cell, error ? error : r.error);
		return;
	}
	cell->samples[cell->runs % PROBE_SAMPLES] = r.microseconds;
	cell->runs++;
	cell->lost += r.verdict == TARGET_LOST;
	cell->eagain += r.eagain;
}

static int finished(const struct probe *p, const struct probe_cell *cell)
{
	double lo, hi;

	if (!cell->asked || cell->closed || cell->runs >= p->options.runs)
		return 1;
	if (p->options.until_ci <= 0)
		return 0;
	stats_wilson(cell->lost, cell->runs, &lo, &hi);
	return hi - lo < p->options.until_ci;
}

static double progress(const struct probe *p, const struct probe_cell *cell,
		       const struct clock *c)
{
	double by_time = (clock_seconds() - c->start) / (c->end - c->start);
	double by_runs = (double)cell->runs / (double)p->options.runs;

	return by_runs > by_time ? by_runs : by_time;
}

/* One round: each cell once, so that all have the same background load. */
static int spin_round(struct probe *p, const struct clock *c,
		      struct text_progress *bar)
{
	int kind, s, done = 0;
	char label[32];

	for (kind = 0; kind < TARGET_KINDS; kind++)
		for (s = 0; s < PROBE_STRATEGIES; s++) {
			struct probe_cell *cell = &p->cell[kind][s];

			if (finished(p, cell))
				continue;
			if (interrupt_seen())
				return 0;
			if (!is_time_left(c)) {
				p->out_of_time = !p->options.use_all;
				return 0;
			}
			spin_once(p, (enum target_kind)kind,
				  (enum probe_strategy)s);
			snprintf(label, sizeof(label), "%s, %s: run %ld",
				 target_name((enum target_kind)kind),
				 probe_strategy_name((enum probe_strategy)s),
				 cell->runs);
			text_progress(bar, progress(p, cell, c), label);
			done++;
		}
	return done;
}

/* ---- All of it -------------------------------------------------------- */

static void choose_caller(struct probe *p)
{
	int is_root = geteuid() == 0;

	p->alone = caller_is_alone() || (is_root && caller_choose(&p->caller));
	p->drops = is_root && !p->alone;
	if (p->drops)
		return;
	p->caller.uid = geteuid();
	p->caller.gid = getegid();
}

int probe_measure(struct probe *p)
{
	struct text_progress bar;
	struct clock c;
	int error;

	c.start = clock_seconds();
	c.end = c.start + p->options.seconds;
	p->give_up = c.end + OVERTIME;
	choose_caller(p);
	p->guarded = guardstate_look(&p->guard);
	error = targets_make(&p->targets, &p->caller);
	if (error)
		return error;
	text_progress_begin(&bar, !p->options.quiet);
	open_cells(p);
	probe_stopped(p);
	freeze_all(p, &c, &bar);
	while (spin_round(p, &c, &bar))
		;
	text_progress_end(&bar);
	if (interrupt_seen())
		snprintf(p->timeline.unseen, sizeof(p->timeline.unseen),
			 "it was interrupted");
	else if (p->options.timeline || p->options.html_file)
		probe_timeline(p, TIMELINE_LIMIT);
	p->interrupted = interrupt_seen();
	targets_remove(&p->targets);
	p->seconds = clock_seconds() - c.start;
	return 0;
}
