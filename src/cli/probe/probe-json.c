/* SPDX-License-Identifier: MIT */
/* The report of `clonexec probe` for programs. */
#include "probe.h"

#include <stdio.h>

#include <clonexec.h>

#include "json.h"
#include "machine.h"
#include "probe-verdict.h"
#include "stats.h"

static void put_machine(struct json *j)
{
	struct machine m;

	machine_look(&m);
	json_object(j, "machine");
	json_string(j, "kernel", m.kernel);
	json_string(j, "arch", m.arch);
	json_integer(j, "cpus", m.cpus);
	json_string(j, "libc", m.libc);
	json_string(j, "auto", probe_auto_means());
	json_close(j);
}

/* null: it is off, or we may not know. */
static void put_guard(struct json *j, const struct probe *p)
{
	if (!p->guarded) {
		json_string(j, "guard", NULL);
		return;
	}
	json_object(j, "guard");
	json_string(j, "mode", guardstate_mode(&p->guard));
	json_string(j, "cgroup", p->guard.cgroup_id ? p->guard.cgroup : NULL);
	json_close(j);
}

static void put_names(struct json *j, enum target_kind kind,
		      enum probe_strategy s)
{
	json_string(j, "target", target_name(kind));
	json_string(j, "strategy", probe_strategy_name(s));
	json_boolean(j, "guarded", s == PROBE_LOCK);
}

static void put_frozen(struct json *j, const struct probe *p,
		       enum target_kind kind, enum probe_strategy s)
{
	const struct probe_cell *cell = &p->cell[kind][s];

	if (!cell->asked)
		return;
	json_object(j, NULL);
	put_names(j, kind, s);
	json_integer(j, "n", cell->frozen_runs);
	json_string(j, "verdict",
		    cell->frozen_runs ? target_verdict_name(cell->frozen) :
					NULL);
	json_close(j);
}

static void put_rate(struct json *j, struct probe *p, enum target_kind kind,
		     enum probe_strategy s)
{
	struct probe_cell *cell = &p->cell[kind][s];
	size_t count = (size_t)(cell->runs < PROBE_SAMPLES ? cell->runs :
							     PROBE_SAMPLES);
	double lo, hi;

	if (!cell->asked)
		return;
	stats_wilson(cell->lost, cell->runs, &lo, &hi);
	json_object(j, NULL);
	put_names(j, kind, s);
	json_integer(j, "n", cell->runs);
	json_integer(j, "k", cell->lost);
	json_real(j, "lo", lo);
	json_real(j, "hi", hi);
	json_integer(j, "eagain", (long long)cell->eagain);
	json_integer(j, "broken", cell->broken);
	json_integer(j, "median_us", stats_median(cell->samples, count));
	json_close(j);
}

static void put_stopped(struct json *j, const struct probe *p,
			enum probe_strategy s)
{
	const struct probe_creations *c = &p->stopped[s];

	if (c->created + c->refused == 0)
		return;
	json_object(j, NULL);
	json_string(j, "strategy", probe_strategy_name(s));
	json_boolean(j, "guarded", s == PROBE_LOCK);
	json_integer(j, "n", c->created + c->refused);
	json_integer(j, "refused", c->refused);
	json_close(j);
}

static void put_reason(struct json *j, const char *key, const char *name,
		       const char *reason)
{
	if (!reason || !reason[0])
		return;
	json_object(j, NULL);
	json_string(j, key, name);
	json_string(j, "reason", reason);
	json_close(j);
}

static void put_untested(struct json *j, const struct probe *p)
{
	int kind, s;

	json_array(j, "untested");
	for (s = 0; s < PROBE_STRATEGIES; s++)
		put_reason(j, "strategy",
			   probe_strategy_name((enum probe_strategy)s),
			   p->refused[s]);
	for (kind = 0; kind < TARGET_KINDS; kind++)
		put_reason(j, "target", target_name((enum target_kind)kind),
			   p->untested[kind]);
	json_close(j);
	json_string(j, "unfrozen", p->unfrozen[0] ? p->unfrozen : NULL);
	json_string(j, "unstopped", p->unstopped[0] ? p->unstopped : NULL);
}

static void put_timeline(struct json *j, const struct timeline *t)
{
	int i;

	if (!t->made)
		return;
	json_object(j, "timeline");
	json_boolean(j, "frozen", t->frozen);
	json_boolean(j, "kernel", t->by_kernel);
	json_string(j, "target", target_name(t->kind));
	json_string(j, "verdict", target_verdict_name(t->verdict));
	json_integer(j, "exec_tid", t->pid);
	json_integer(j, "culprit_tid", t->creator);
	json_real(j, "window_from_us", t->window_from);
	json_real(j, "window_to_us", t->window_to);
	json_real(j, "end_us", t->end);
	json_array(j, "marks");
	for (i = 0; i < t->marks; i++) {
		json_object(j, NULL);
		json_real(j, "us", t->mark[i].us);
		json_string(j, "lane",
			    t->mark[i].lane == TIMELINE_CLONE ? "clone" :
								"exec");
		json_string(j, "text", t->mark[i].text);
		json_close(j);
	}
	json_close(j);
	json_array(j, "steps");
	for (i = 0; i < t->steps; i++) {
		json_object(j, NULL);
		json_real(j, "us", t->step[i].us);
		json_integer(j, "users", t->step[i].users);
		json_integer(j, "threads", t->step[i].threads);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

/* null: it could not be told. */
static void put_answer(struct json *j, const char *key, enum probe_answer a)
{
	if (a == PROBE_UNKNOWN)
		json_string(j, key, NULL);
	else
		json_boolean(j, key, a == PROBE_YES);
}

static void put_verdict(struct json *j, const struct probe *p, int status)
{
	enum probe_answer privileges, eagain;
	struct probe_sum plain, under;

	probe_add_up(p, 0, &plain);
	probe_add_up(p, 1, &under);
	privileges = probe_privileges(&plain);
	eagain = probe_eagain(&plain);
	json_boolean(j, "affected",
		     privileges == PROBE_YES || eagain == PROBE_YES);
	put_answer(j, "affected_privileges", privileges);
	put_answer(j, "affected_eagain", eagain);
	json_boolean(j, "protected", status == 0 && under.tested);
	json_integer(j, "status", status);
	json_real(j, "seconds", p->seconds);
	json_boolean(j, "out_of_time", p->out_of_time);
	json_boolean(j, "interrupted", p->interrupted);
	json_integer(j, "too_busy", plain.untold + under.untold);
}

void probe_report_json(struct probe *p, int status)
{
	struct json j;
	int kind, s;

	json_begin(&j, stdout);
	json_object(&j, NULL);
	json_string(&j, "clonexec", CX_VERSION);
	put_verdict(&j, p, status);
	put_machine(&j);
	put_guard(&j, p);
	json_array(&j, "frozen");
	for (kind = 0; kind < TARGET_KINDS; kind++)
		for (s = 0; s < PROBE_STRATEGIES; s++)
			put_frozen(&j, p, (enum target_kind)kind,
				   (enum probe_strategy)s);
	json_close(&j);
	json_array(&j, "rates");
	for (kind = 0; kind < TARGET_KINDS; kind++)
		for (s = 0; s < PROBE_STRATEGIES; s++)
			put_rate(&j, p, (enum target_kind)kind,
				 (enum probe_strategy)s);
	json_close(&j);
	json_array(&j, "stopped");
	for (s = 0; s < PROBE_STRATEGIES; s++)
		put_stopped(&j, p, (enum probe_strategy)s);
	json_close(&j);
	put_untested(&j, p);
	put_timeline(&j, &p->timeline);
	json_close(&j);
	json_end(&j);
}
