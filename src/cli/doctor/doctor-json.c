/* SPDX-License-Identifier: MIT */
#include "doctor.h"

#include <stdio.h>

#include "json.h"

static void put_answer(struct json *j, const char *key, enum system_answer a)
{
	if (a == SYSTEM_UNKNOWN)
		json_string(j, key, NULL);
	else
		json_boolean(j, key, a == SYSTEM_YES);
}

static void put_system(struct json *j, const struct doctor *d)
{
	const struct system *s = &d->system;

	json_string(j, "kernel", s->machine.kernel);
	put_answer(j, "affected_privileges", s->loses);
	put_answer(j, "affected_eagain", s->refuses);
	json_object(j, "guard");
	put_answer(j, "on",
		   s->guard_hidden ? SYSTEM_UNKNOWN :
		   s->guard_on	   ? SYSTEM_YES :
				     SYSTEM_NO);
	json_string(j, "mode", s->guard_on ? guardstate_mode(&s->guard) : NULL);
	json_text(j, "not_possible", s->no_guard);
	json_close(j);
	json_boolean(j, "watch_runs", d->processes.watched);
	json_string(j, "auto", s->means);
	json_integer(j, "seccomp", s->seccomp);
	json_text(j, "ld_so_preload", s->preload);
}

static void put_group(struct json *j, const struct processes_group *g)
{
	json_object(j, NULL);
	json_string(j, "path", g->path);
	json_string(j, "state", processes_state_name(g->state));
	json_integer(j, "processes", g->count);
	json_integer(j, "pid", g->pid);
	json_integer(j, "threads", g->threads);
	json_text(j, "unit", g->unit.name);
	json_text(j, "container", g->unit.container);
	if (g->state == PROCESSES_OPEN) {
		json_object(j, "remedy");
		json_string(j, "means", remedy_name(g->remedy.means));
		json_text(j, "command", g->remedy.command);
		json_string(j, "why", g->remedy.why);
		json_close(j);
	}
	json_close(j);
}

void doctor_json(const struct doctor *d)
{
	const struct processes *p = &d->processes;
	struct json j;
	int i;

	json_begin(&j, stdout);
	json_object(&j, NULL);
	put_system(&j, d);
	json_object(&j, "processes");
	for (i = 0; i < PROCESSES_STATES; i++)
		json_integer(&j, processes_state_name((enum processes_state)i),
			     p->count[i]);
	json_integer(&j, "hidden", p->hidden);
	json_integer(&j, "untold", p->untold);
	json_close(&j);
	json_array(&j, "groups");
	for (i = 0; i < p->groups; i++)
		if (d->all || p->group[i].state == PROCESSES_OPEN)
			put_group(&j, &p->group[i]);
	json_close(&j);
	json_close(&j);
	json_end(&j);
}
