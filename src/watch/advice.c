/* SPDX-License-Identifier: MIT */
#include "advice.h"

#include <stdio.h>
#include <string.h>

#include "pids.h"

/* For each second of events; beyond it a program is taken for a usual one. */
#define ROOM (256ULL << 20)

static unsigned long long *room_of(const struct event *e)
{
	static unsigned long long room = ROOM, since;

	/* (Those of two CPUs can come the wrong way round.) */
	if (e->time > since + 1000000000) {
		since = e->time;
		room = ROOM;
	}
	return &room;
}

void advice_find(struct advice *a, const struct event *e, const struct loss *l)
{
	struct remedy_case c = {
		.unit = &a->unit,
		.shim = WATCH_SHIM,
		.only_shares = l->cause == LOSS_SHARING && e->threads == 1,
	};

	a->path = path_join(&e->caller, a->path_text);
	a->cgroup = path_join(&e->cgroup, a->cgroup_text);
	/* The topmost has no name. */
	if (!a->cgroup && e->cgroup.whole)
		a->cgroup = "/";
	/* What is cut off is where it would say whose the rest is. */
	unit_find(a->cgroup && e->cgroup.whole ? a->cgroup : "", &a->unit);
	/* (No process has the number 0.) */
	c.caller = remedy_look(pids_are_ours() ? e->pid : 0, a->path, &a->unit,
			       room_of(e));
	c.path = a->path;
	remedy_find(&c, &a->remedy);
}

/* ---- Text ------------------------------------------------------------- */

/* The whole command is in the JSON: here a line must stay one. */
static void print_remedy(const struct advice *a, FILE *out)
{
	const struct unit *u = &a->unit;
	/* Names that systemd has escaped are not the same to a shell. */
	const char *mark = strchr(u->name, '\\') ? "'" : "";

	switch (a->remedy.means) {
	case REMEDY_SERVICE:
		fprintf(out, "; remedy: systemctl%s edit %s%s%s",
			u->of_user ? " --user" : "", mark, u->name, mark);
		break;
	case REMEDY_NONE:
		break;
	default:
		if (a->remedy.command[0])
			fprintf(out, "; remedy: %s", a->remedy.command);
	}
	if (a->remedy.means != REMEDY_NONE && a->remedy.why)
		fprintf(out, " (%s)", a->remedy.why);
}

void advice_print(const struct advice *a, FILE *out)
{
	if (a->unit.container[0])
		fprintf(out, "; in container %.64s", a->unit.container);
	if (a->unit.name[0])
		fprintf(out, "; in %s", a->unit.name);
	print_remedy(a, out);
}

/* ---- JSON ------------------------------------------------------------- */

static void put_arguments(struct json *j, const struct event *e)
{
	char words[EVENT_ARGUMENTS + 1];
	size_t size = e->arguments_bytes, at;

	if (!size || size > EVENT_ARGUMENTS) {
		json_string(j, "arguments", NULL);
		return;
	}
	memcpy(words, e->arguments, size);
	words[size] = '\0';
	json_array(j, "arguments");
	for (at = 0; at < size; at += strlen(words + at) + 1)
		json_string(j, NULL, words + at);
	json_close(j);
}

static void put_remedy(struct json *j, const struct remedy *r)
{
	json_object(j, "remedy");
	json_string(j, "means", remedy_name(r->means));
	json_text(j, "command", r->command);
	json_string(j, "why", r->why);
	json_close(j);
}

void advice_put(const struct advice *a, const struct event *e, struct json *j)
{
	json_string(j, "exe", a->path);
	json_object(j, "parent");
	json_integer(j, "pid", e->parent);
	json_string(j, "comm", e->parent_comm);
	json_close(j);
	put_arguments(j, e);
	json_boolean(j, "arguments_cut", !e->arguments_whole);
	if (e->login == EVENT_NO_LOGIN)
		json_string(j, "login_uid", NULL);
	else
		json_integer(j, "login_uid", e->login);
	json_string(j, "cgroup", a->cgroup);
	json_text(j, "unit", a->unit.name);
	json_text(j, "container", a->unit.container);
	put_remedy(j, &a->remedy);
}

/* ---- The journal ------------------------------------------------------ */

void advice_add(const struct advice *a, struct journal *j)
{
	char sentence[REMEDY_SENTENCE];

	remedy_say(&a->remedy, sentence);
	journal_field(j, "CLONEXEC_ADVICE", sentence);
	journal_field(j, "CLONEXEC_EXE", a->path);
	journal_field(j, "CLONEXEC_CGROUP", a->cgroup);
	journal_field(j, "CLONEXEC_UNIT", a->unit.name);
	journal_field(j, "CLONEXEC_CONTAINER", a->unit.container);
	journal_field(j, "CLONEXEC_REMEDY", a->remedy.command);
	journal_field(j, "CLONEXEC_REMEDY_WHY", a->remedy.why);
}
