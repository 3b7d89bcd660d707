/* SPDX-License-Identifier: MIT */
/* clonexec guard status. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "exitstatus.h"
#include "json.h"
#include "printable.h"
#include "selftest.h"
#include "text.h"

enum { WHY = 512 };

struct status {
	int on, works;
	struct guard_about about;
	unsigned long long counters[GUARD_COUNTERS];
	struct proof proof;
	char why[WHY]; /* it does not work */
};

static const char *const names[GUARD_COUNTERS] = {
	[GUARD_EXEC_MET] = "exec_met",
	[GUARD_EXEC_RESTARTED] = "exec_restarted",
	[GUARD_EXEC_KEPT] = "exec_kept",
	[GUARD_EXEC_LET_GO] = "exec_let_go",
	[GUARD_EXEC_DENIED] = "exec_denied",
	[GUARD_EXEC_UNQUEUED] = "exec_unqueued",
	[GUARD_EXEC_MOST] = "exec_most_restarts",
	[GUARD_CREATION_MET] = "creation_met",
	[GUARD_CREATION_RESTARTED] = "creation_restarted",
	[GUARD_CREATION_LET_GO] = "creation_let_go",
	[GUARD_CREATION_UNQUEUED] = "creation_unqueued",
	[GUARD_CREATION_MOST] = "creation_most_restarts",
	[GUARD_EVENTS_WITHHELD] = "events_withheld",
	[GUARD_EVENTS_DROPPED] = "events_dropped",
};

static void when(unsigned long long since, char *text, size_t size)
{
	time_t t = (time_t)since;
	struct tm tm;

	if (!gmtime_r(&t, &tm) ||
	    !strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &tm))
		text[0] = '\0';
}

/* ---- Telling ---------------------------------------------------------- */

static void print_json(const struct status *s)
{
	struct json j;
	char since[32];
	int i;

	json_begin(&j, stdout);
	json_object(&j, NULL);
	json_boolean(&j, "on", s->on);
	if (s->on) {
		when(s->about.since, since, sizeof(since));
		json_boolean(&j, "works", s->works);
		json_string(&j, "why_not", s->works ? NULL : s->why);
		json_string(&j, "mode", options_mode_name(s->about.mode));
		json_boolean(&j, "strict", (int)s->about.strict);
		json_integer(&j, "bound_ms", s->about.bound_ms);
		json_string(&j, "since", since);
		json_string(&j, "cgroup",
			    s->about.cgroup_id ? s->about.cgroup : NULL);
		json_object(&j, "test");
		json_string(&j, "how", s->proof.frozen ? "frozen" : "shared");
		json_integer(&j, "execs", s->proof.execs);
		json_integer(&j, "kept", s->proof.kept);
		json_integer(&j, "lost", s->proof.lost);
		json_integer(&j, "refused", s->proof.refused);
		json_close(&j);
		json_object(&j, "counters");
		for (i = 0; i < GUARD_COUNTERS; i++)
			json_integer(&j, names[i], (long long)s->counters[i]);
		json_integer(&j, "exec_own_tests",
			     (long long)s->about.own_execs);
		json_close(&j);
	}
	json_close(&j);
	json_end(&j);
}

static void print_text(const struct status *s)
{
	const unsigned long long *c = s->counters;
	char since[32], text[64], cgroup[GUARD_CGROUP];

	if (!s->on) {
		printf("guard: off\n");
		return;
	}
	when(s->about.since, since, sizeof(since));
	printf("guard: on, mode %s%s, since %s\n",
	       options_mode_name(s->about.mode),
	       s->about.strict ? ", strict" : "", since);
	if (s->about.cgroup_id)
		printf("only in the cgroup %s\n",
		       printable_copy(s->about.cgroup, cgroup, sizeof(cgroup)));
	if (s->works) {
		proof_say(&s->proof, (enum guard_mode)s->about.mode, text,
			  sizeof(text));
		printf("works: %s\n", text);
	}
	printf("execs that met a creation: %llu (%llu of them its own tests); "
	       "begun again %llu times, at most %llu for one; kept %llu, let "
	       "go %llu, refused %llu, could not be begun again %llu\n",
	       c[GUARD_EXEC_MET], s->about.own_execs, c[GUARD_EXEC_RESTARTED],
	       c[GUARD_EXEC_MOST], c[GUARD_EXEC_KEPT], c[GUARD_EXEC_LET_GO],
	       c[GUARD_EXEC_DENIED], c[GUARD_EXEC_UNQUEUED]);
	printf("creations that met an exec: %llu; begun again %llu times, at "
	       "most %llu for one; let go %llu, could not be begun again "
	       "%llu\n",
	       c[GUARD_CREATION_MET], c[GUARD_CREATION_RESTARTED],
	       c[GUARD_CREATION_MOST], c[GUARD_CREATION_LET_GO],
	       c[GUARD_CREATION_UNQUEUED]);
}

/* ---- Asking ----------------------------------------------------------- */

/* The counters before the test: it would be seen in them. */
static int ask(struct status *s, struct pins *pins)
{
	int error = pins_read_about(pins, &s->about);

	if (error == -EPROTO) {
		snprintf(s->why, WHY,
			 "it was started by another version of clonexec: "
			 "start --replace");
		return error;
	}
	if (!error)
		error = pins_read_counters(pins, s->counters);
	if (error) {
		snprintf(s->why, WHY, "cannot read its maps: %s",
			 strerror(-error));
		return error;
	}
	if (!s->about.since) {
		snprintf(s->why, WHY,
			 "start has not come to its end: wait, or stop it");
		return -EINPROGRESS;
	}
	s->on = 1;
	s->works = !selftest_run(pins, &s->proof, s->why, WHY);
	return 0;
}

int status_command(const struct options *o)
{
	struct status s = { 0 };
	struct pins pins;
	int error;

	if (geteuid() != 0) {
		text_error("guard: not permitted: needs root");
		return EXIT_OWN_FAILURE;
	}
	error = pins_open(PINS_IN_FORCE, &pins, s.why, WHY);
	if (!error) {
		error = ask(&s, &pins);
		pins_close(&pins);
	} else if (error == -ENOENT) {
		error = 0;
	}
	if (error) {
		text_error("guard: %s", s.why);
		return EXIT_OWN_FAILURE;
	}
	if (o->json)
		print_json(&s);
	else if (!o->quiet)
		print_text(&s);
	if (s.on && !s.works)
		text_error("guard: %s", s.why);
	return !s.on ? EXIT_OFF : s.works ? 0 : EXIT_OWN_FAILURE;
}
