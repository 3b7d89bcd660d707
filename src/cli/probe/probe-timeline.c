/* SPDX-License-Identifier: MIT */
#include "probe-timeline.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "interrupt.h"
#include "observer.h"

enum {
	RUN_LIMIT = 4000,  /* ms */
	CATCHES = 5000,	   /* runs until one must have lost */
	WITNESS_MS = 2000, /* it is asked after the fact: nothing is missed */
};

static int first_kind(const struct probe *p)
{
	int kind;

	for (kind = 0; kind < TARGET_KINDS; kind++)
		if (p->options.targets & 1u << kind && !p->untested[kind][0])
			return kind;
	return -1;
}

/* 1: a loss to draw. */
static int lose(const struct race *race, struct race_result *r, char *why,
		size_t size)
{
	int error = race_run(race, r);

	if (error || r->starved)
		snprintf(why, size, "%s", race_why(r, error));
	return !error && r->verdict == TARGET_LOST;
}

static int freeze_or_catch(struct race *race, struct race_result *r,
			   long long end, struct timeline *t)
{
	char why[96] = "";
	int i;

	race->creators = RACE_FROZEN;
	if (lose(race, r, why, sizeof(why)))
		return 1;
	/* It ran and kept: then there is nothing to draw, here or later. */
	if (!why[0]) {
		snprintf(t->unseen, sizeof(t->unseen),
			 "the frozen race lost nothing");
		return 0;
	}
	race->creators = RACE_SPINNING;
	for (i = 0; i < CATCHES && clock_ms() < end && !interrupt_seen(); i++)
		if (lose(race, r, why, sizeof(why)))
			return 1;
	snprintf(t->unseen, sizeof(t->unseen),
		 "%d races in which nothing was lost", i);
	return 0;
}

void probe_timeline(struct probe *p, int limit_ms)
{
	struct timeline *t = &p->timeline;
	struct race race = {
		.caller = p->drops ? &p->caller : NULL,
		.exec = probe_strategy_exec(PROBE_NONE),
		.limit_ms = RUN_LIMIT,
	};
	struct timeline_kernel k;
	struct race_result r;
	struct observer o;
	int kind = first_kind(p), seen, of = 0;

	memset(t, 0, sizeof(*t));
	if (kind < 0) {
		snprintf(t->unseen, sizeof(t->unseen),
			 "nothing could be tested");
		return;
	}
	if (p->refused[PROBE_NONE]) {
		snprintf(t->unseen, sizeof(t->unseen), "%s",
			 p->refused[PROBE_NONE]);
		return;
	}
	race.kind = (enum target_kind)kind;
	race.path = p->targets.path[kind];
	seen = !observer_start(&o, t->unseen, sizeof(t->unseen));
	if (freeze_or_catch(&race, &r, clock_ms() + limit_ms, t)) {
		if (!seen) {
			timeline_build(t, &race, &r, NULL);
		} else if (observer_read(&o, WITNESS_MS, &of, &k) ||
			   of != r.pid) {
			snprintf(t->unseen, sizeof(t->unseen),
				 "clonexec watch did not see it");
			timeline_build(t, &race, &r, NULL);
		} else {
			timeline_build(t, &race, &r, &k);
		}
	}
	if (seen)
		observer_end(&o);
}
