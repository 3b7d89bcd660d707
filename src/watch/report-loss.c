/* SPDX-License-Identifier: MIT */
/* A loss, as text, as an object of JSON, and with the fields of the journal. */
#include "report.h"

#include <stdio.h>
#include <sys/capability.h>

#include "json.h"
#include "path.h"
#include "pids.h"
#include "printable.h"
#include "text.h"

static const char *how_name(unsigned int how)
{
	static const char *const names[] = {
		[EVENT_COMPLETED] = "completed",
		[EVENT_ABORTED] = "aborted",
	};

	return how == EVENT_COMPLETED || how == EVENT_ABORTED ? names[how] :
								NULL;
}

/* ---- Capabilities ----------------------------------------------------- */

static const char *capability_name(int bit, char name[32])
{
	char *known = cap_to_name((cap_value_t)bit);

	if (known)
		snprintf(name, 32, "%s", known);
	else
		snprintf(name, 32, "%d", bit);
	cap_free(known);
	return name;
}

static void print_capabilities(FILE *out, uint64_t which)
{
	char name[32];
	int bit, many = which & (which - 1) ? 1 : 0, first = 1;

	if (!which) {
		fprintf(out, "capabilities of the file");
		return;
	}
	if (__builtin_popcountll(which) > 4) {
		fprintf(out, "%d capabilities", __builtin_popcountll(which));
		return;
	}
	fprintf(out, "capabilit%s ", many ? "ies" : "y");
	for (bit = 0; bit < 64; bit++)
		if (which >> bit & 1) {
			fprintf(out, "%s%s", first ? "" : ",",
				capability_name(bit, name));
			first = 0;
		}
}

static void put_capabilities(struct json *j, const struct loss *l)
{
	char name[32];
	int bit;

	if (l->capabilities && !l->which) {
		json_string(j, "capabilities", "unknown");
		return;
	}
	json_array(j, "capabilities");
	for (bit = 0; bit < 64; bit++)
		if (l->which >> bit & 1)
			json_string(j, NULL, capability_name(bit, name));
	json_close(j);
}

/* ---- Text ------------------------------------------------------------- */

static void print_what(FILE *out, const struct event *e, const struct loss *l)
{
	const char *comma = "";

	fprintf(out, "%sLOST%s ", text_begin(out, TEXT_BAD),
		text_end(out, TEXT_BAD));
	if (l->set_uid)
		fprintf(out, "set-uid %u", e->file_uid), comma = ", ";
	if (l->set_gid)
		fprintf(out, "%sset-gid %u", comma, e->file_gid), comma = ", ";
	if (l->capabilities) {
		fprintf(out, "%s", comma);
		print_capabilities(out, l->which);
	}
}

static void print_cause(FILE *out, const struct event *e, const struct loss *l)
{
	const struct event_creation *c = &e->culprit;
	char name[EVENT_COMM];

	if (l->cause == LOSS_SHARING)
		fprintf(out, "; not the race: another process shares its file "
			     "system context");
	else if (c->how == EVENT_UNSEEN)
		fprintf(out, "; race with a thread creation that was not seen");
	else
		fprintf(out,
			"; race with thread %u (%s), which was creating %s",
			c->tid, printable_copy(c->comm, name, sizeof(name)),
			c->by_kernel ? "a kernel worker" : "a thread");
}

static void add_fields(struct journal *j, const struct event *e,
		       const char *path, const struct loss *l,
		       const struct advice *a)
{
	const struct event_creation *c = &e->culprit;

	journal_field(j, "MESSAGE_ID", JOURNAL_ID_LOSS);
	/* So it is shown among what the unit itself has said. */
	if (pids_are_ours())
		journal_number(j, "OBJECT_PID", e->pid);
	journal_number(j, "CLONEXEC_PID", e->pid);
	journal_field(j, "CLONEXEC_COMM", e->comm);
	journal_field(j, "CLONEXEC_PATH", path ? path : e->new_comm);
	journal_number(j, "CLONEXEC_UID", e->uid);
	journal_field(j, "CLONEXEC_CAUSE",
		      l->cause == LOSS_RACE ? "race" : "sharing");
	if (l->cause == LOSS_RACE && c->how != EVENT_UNSEEN) {
		journal_number(j, "CLONEXEC_CULPRIT", c->tid);
		journal_field(j, "CLONEXEC_CULPRIT_COMM", c->comm);
	}
	advice_add(a, j);
}

static void print_loss(const struct report *r, const struct event *e,
		       const char *path, const struct loss *l,
		       const struct advice *a)
{
	char comm[EVENT_COMM], new[EVENT_COMM], file[PATH_TEXT];
	FILE *out = report_line(r, e->time);

	print_what(out, e, l);
	fprintf(out, ": %s",
		printable_copy(path ? path : e->new_comm, file, sizeof(file)));
	if (path)
		fprintf(out, " (%s)",
			printable_copy(e->new_comm, new, sizeof(new)));
	fprintf(out, ", by %s[%u/%u]",
		e->comm[0] ? printable_copy(e->comm, comm, sizeof(comm)) : "?",
		e->pid, e->tid);
	if (a->path)
		fprintf(out, " (%s)",
			printable_copy(a->path, file, sizeof(file)));
	fprintf(out, ", runs as uid %u gid %u", e->euid, e->egid);
	if (e->threads)
		fprintf(out, "; %u thread%s", e->threads,
			e->threads > 1 ? "s" : "");
	print_cause(out, e, l);
	advice_print(a, out);
	if (r->journal)
		add_fields(r->journal, e, path, l, a);
	report_line_end(r, "loss");
}

static void put_integer_or_null(struct json *j, const char *key, int known,
				long long value)
{
	if (known)
		json_integer(j, key, value);
	else
		json_string(j, key, NULL);
}

static void put_culprit(struct json *j, const struct event *e)
{
	const struct event_creation *c = &e->culprit;

	if (c->how == EVENT_UNSEEN) {
		json_string(j, "culprit", NULL);
		return;
	}
	json_object(j, "culprit");
	json_integer(j, "tid", c->tid);
	json_string(j, "comm", c->comm);
	json_string(j, "creation", how_name(c->how));
	json_boolean(j, "kernel_worker", (int)c->by_kernel);
	json_close(j);
}

/* Monotonic, in ns: for who has a clock of his own to hold against it. */
static void put_times(struct json *j, const struct event *e)
{
	json_object(j, "monotonic");
	put_integer_or_null(j, "prepare", e->prepared != 0,
			    (long long)e->prepared);
	put_integer_or_null(j, "creation", e->culprit.how != EVENT_UNSEEN,
			    (long long)e->culprit.time);
	json_integer(j, "exec", (long long)e->time);
	json_close(j);
}

static void put_loss(const struct report *r, const struct event *e,
		     const char *path, const struct loss *l,
		     const struct advice *a)
{
	char time[REPORT_STAMP];
	struct json j;

	report_stamp(r, e->time, time);
	json_begin_line(&j, stdout);
	json_object(&j, NULL);
	json_string(&j, "event", "loss");
	json_string(&j, "time", time);
	json_integer(&j, "pid", e->pid);
	json_integer(&j, "tid", e->tid);
	json_string(&j, "comm", e->comm[0] ? e->comm : NULL);
	json_string(&j, "new_comm", e->new_comm);
	json_string(&j, "path", path);
	json_object(&j, "lost");
	put_integer_or_null(&j, "set_uid", l->set_uid, e->file_uid);
	put_integer_or_null(&j, "set_gid", l->set_gid, e->file_gid);
	put_capabilities(&j, l);
	json_close(&j);
	json_object(&j, "ran_as");
	json_integer(&j, "uid", e->uid);
	json_integer(&j, "euid", e->euid);
	json_integer(&j, "gid", e->gid);
	json_integer(&j, "egid", e->egid);
	json_close(&j);
	put_integer_or_null(&j, "threads", e->threads != 0, e->threads);
	put_integer_or_null(&j, "fs_users", e->users_before != 0,
			    e->users_before);
	json_string(&j, "cause", l->cause == LOSS_RACE ? "race" : "sharing");
	if (l->cause == LOSS_RACE)
		put_culprit(&j, e);
	else
		json_string(&j, "culprit", NULL);
	advice_put(a, e, &j);
	put_times(&j, e);
	json_close(&j);
	json_end(&j);
}

void report_loss(const struct report *r, const struct event *e,
		 const char *path, const struct loss *l, const struct advice *a)
{
	if (r->json)
		put_loss(r, e, path, l, a);
	else
		print_loss(r, e, path, l, a);
}
