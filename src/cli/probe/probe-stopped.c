/* SPDX-License-Identifier: MIT */
#include "probe-stopped.h"

#include <stdio.h>

#include "clock.h"
#include "interrupt.h"
#include "stopped.h"

enum {
	RUN_LIMIT = 4000, /* ms of its own */
	TRIES = 3,	  /* if the machine does not let it run */
};

/* Under the guard a creation is begun again for some time before it fails. */
static int limit_ms(const struct probe *p)
{
	if (!probe_is_mended(p))
		return RUN_LIMIT;
	return RUN_LIMIT + STOPPED_CREATIONS * (int)p->guard.bound_ms;
}

static int stop_one(const struct probe *p, enum probe_strategy strategy,
		    int strangers, struct stopped_result *r)
{
	struct stopped s = {
		.caller = p->drops ? &p->caller : NULL,
		.strangers = strangers,
		.guarded = strategy == PROBE_LOCK,
		.exec = probe_strategy_exec(strategy),
		.arg = &strategy,
		.limit_ms = limit_ms(p),
	};
	int i, error = 0;

	for (i = 0; i < TRIES; i++) {
		error = stopped_run(&s, r);
		if (!r->starved || interrupt_seen() ||
		    clock_seconds() > p->give_up)
			break;
	}
	return error;
}

/*
 * Creations that are all made: by a fixed kernel, if that exec refuses
 * processes that share our fs, as on every kernel; else it stood still at the
 * wrong place.
 */
static int is_stop_real(struct probe *p, const struct stopped_result *r)
{
	struct stopped_result witness;
	int error;

	if (r->refused || probe_is_mended(p))
		return 1;
	error = stop_one(p, PROBE_NONE, 1, &witness);
	if (!error && witness.refused == STOPPED_CREATIONS)
		return 1;
	snprintf(p->unstopped, sizeof(p->unstopped), "%s",
		 error ? stopped_why(&witness, error) :
			 "the exec that stands still refuses nobody");
	return 0;
}

void probe_stopped(struct probe *p)
{
	struct stopped_result r;
	int s, error;

	for (s = 0; s < PROBE_STRATEGIES; s++) {
		if (!(p->options.strategies & 1u << s) || p->refused[s])
			continue;
		error = stop_one(p, (enum probe_strategy)s, 0, &r);
		if (interrupt_seen())
			return;
		if (error) {
			snprintf(p->unstopped, sizeof(p->unstopped), "%s",
				 stopped_why(&r, error));
			return;
		}
		if (s == PROBE_NONE && !is_stop_real(p, &r))
			return;
		p->stopped[s].created = r.created;
		p->stopped[s].refused = r.refused;
	}
}
