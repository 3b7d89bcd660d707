/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "clock.h"
#include "json.h"
#include "printable.h"

void report_begin(struct report *r, int json, struct journal *journal)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	r->json = json;
	r->journal = journal;
	r->realtime = t.tv_sec * 1000000000LL + t.tv_nsec - clock_ns();
	/* A line is a line, also for who reads it through a pipe. */
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

/* UTC in JSON, the reader's own time in text. */
void report_stamp(const struct report *r, unsigned long long monotonic,
		  char text[REPORT_STAMP])
{
	long long ns = (long long)monotonic + r->realtime;
	time_t seconds = (time_t)(ns / 1000000000);
	char date[32];
	struct tm tm;

	if (r->json) {
		gmtime_r(&seconds, &tm);
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	} else {
		localtime_r(&seconds, &tm);
		strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm);
	}
	snprintf(text, REPORT_STAMP, "%s.%06lld%s", date, ns / 1000 % 1000000,
		 r->json ? "Z" : "");
}

FILE *report_line(const struct report *r, unsigned long long monotonic)
{
	char time[REPORT_STAMP];

	if (r->journal)
		return r->journal->message;
	if (monotonic) {
		report_stamp(r, monotonic, time);
		printf("%s ", time);
	}
	return stdout;
}

static int priority_of(const char *event)
{
	if (!strcmp(event, "summary"))
		return LOG_INFO;
	return strcmp(event, "guard") ? LOG_WARNING : LOG_NOTICE;
}

void report_line_end(const struct report *r, const char *event)
{
	if (!r->journal) {
		printf("\n");
		return;
	}
	journal_field(r->journal, "CLONEXEC_EVENT", event);
	journal_send(r->journal, priority_of(event));
}

/* ---- Refused creations ------------------------------------------------ */

void report_eagain(const struct report *r, unsigned int tid,
		   const struct event_eagain *e)
{
	char time[REPORT_STAMP], comm[EVENT_COMM];
	struct json j;
	FILE *out;

	if (!r->json) {
		out = report_line(r, e->first);
		fprintf(out,
			"EAGAIN: %llu thread creation%s refused because of "
			"an exec: %s[%u/%u], within %llu us",
			e->count, e->count == 1 ? "" : "s",
			printable_copy(e->comm, comm, sizeof(comm)), e->pid,
			tid, (e->last - e->first) / 1000);
		report_line_end(r, "eagain");
		return;
	}
	report_stamp(r, e->first, time);
	json_begin_line(&j, stdout);
	json_object(&j, NULL);
	json_string(&j, "event", "eagain");
	json_string(&j, "time", time);
	json_integer(&j, "pid", e->pid);
	json_integer(&j, "tid", tid);
	json_string(&j, "comm", e->comm);
	json_integer(&j, "count", (long long)e->count);
	json_integer(&j, "within_us", (long long)(e->last - e->first) / 1000);
	json_close(&j);
	json_end(&j);
}

/* ---- The end ---------------------------------------------------------- */

static void print_summary(const struct report *r, const struct report_sum *s)
{
	FILE *out = report_line(r, 0);
	int hook;

	fprintf(out, "%ld loss%s", s->losses, s->losses == 1 ? "" : "es");
	if (s->counts_eagain)
		fprintf(out,
			", %llu creations refused because of an exec (%llu for "
			"other reasons)",
			s->eagain, s->limit);
	if (s->withheld)
		fprintf(out, ", %llu events withheld", s->withheld);
	fprintf(out, ", %llu events dropped, in %.1f s; hooks:", s->dropped,
		s->seconds);
	for (hook = 0; hook < HOOKS; hook++)
		if (s->hooks->name[hook])
			fprintf(out, " %s", s->hooks->name[hook]);
	report_line_end(r, "summary");
}

static void put_summary(const struct report_sum *s)
{
	struct json j;
	int hook;

	json_begin_line(&j, stdout);
	json_object(&j, NULL);
	json_string(&j, "event", "summary");
	json_integer(&j, "losses", s->losses);
	if (s->counts_eagain) {
		json_integer(&j, "eagain", (long long)s->eagain);
		json_integer(&j, "eagain_other", (long long)s->limit);
	}
	json_integer(&j, "withheld", (long long)s->withheld);
	json_integer(&j, "dropped", (long long)s->dropped);
	json_real(&j, "seconds", s->seconds);
	json_object(&j, "hooks");
	for (hook = 0; hook < HOOKS; hook++)
		if (hook != HOOK_REFUSED || s->counts_eagain)
			json_string(&j, hooks_role((enum hook)hook),
				    s->hooks->name[hook]);
	json_close(&j);
	json_close(&j);
	json_end(&j);
}

void report_summary(const struct report *r, const struct report_sum *s)
{
	if (r->json)
		put_summary(s);
	else
		print_summary(r, s);
}
