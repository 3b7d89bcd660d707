/* SPDX-License-Identifier: MIT */
#include "metrics.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "outfile.h"
#include "printable.h"
#include "text.h"

#define LAST_LOSS "last_loss_timestamp_seconds"

/* Between two of them, if there is news and if there is none. */
static const double news_s = 1, no_news_s = 60;

enum { MOST_LINES = 4096 }; /* of a file that was there before */

static double real_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- Series ----------------------------------------------------------- */

/* In quotes, as the format has it; what is not safe to show is U+FFFD. */
static void put_label(FILE *out, const char *name, const char *value)
{
	struct printable p;

	fprintf(out, "%s=\"", name);
	for (; (p = printable_next(value)).length; value += p.length) {
		if (!p.is_safe)
			fputs("\xef\xbf\xbd", out);
		else if (*value == '"' || *value == '\\')
			fprintf(out, "\\%c", *value);
		else
			fwrite(value, 1, p.length, out);
	}
	fputc('"', out);
}

static const char *kind_of(const struct loss *l)
{
	if (l->set_uid)
		return "set_uid";
	return l->set_gid ? "set_gid" : "capabilities";
}

/* 0, or -1: they are too long for a series of their own. */
static int make_labels(char *labels, size_t size, const char *path,
		       const struct loss *l, const struct advice *a)
{
	FILE *out = fmemopen(labels, size, "w");
	int is_full;

	if (!out)
		return -1;
	put_label(out, "path", path ? path : "");
	fputc(',', out);
	put_label(out, "kind", kind_of(l));
	fputc(',', out);
	put_label(out, "cause", l->cause == LOSS_RACE ? "race" : "sharing");
	fputc(',', out);
	put_label(out, "unit", a->unit.name);
	fputc(',', out);
	put_label(out, "container", a->unit.container);
	is_full = fflush(out) || (size_t)ftell(out) >= size - 1;
	fclose(out);
	return is_full ? -1 : 0;
}

static struct metrics_series *find(struct metrics *m, const char *labels,
				   unsigned int uid)
{
	struct metrics_series *s;
	int of_user = 0;

	for (s = m->series; s < m->series + m->used; s++) {
		if (!strcmp(s->labels, labels))
			return s;
		of_user += s->uid == uid;
	}
	if (m->used == METRICS_SERIES || of_user == METRICS_OF_USER)
		return NULL;
	strcpy(s->labels, labels);
	s->uid = uid;
	m->used++;
	return s;
}

void metrics_loss(struct metrics *m, const char *path, unsigned int uid,
		  const struct loss *l, const struct advice *a)
{
	char labels[sizeof(m->series[0].labels)];
	struct metrics_series *s = NULL;

	if (!m->path)
		return;
	if (!make_labels(labels, sizeof(labels), path, l, a))
		s = find(m, labels, uid);
	if (s)
		s->count++;
	else
		m->other++;
	m->last_loss = real_seconds();
	m->is_stale = 1;
}

void metrics_guard(struct metrics *m, unsigned int what)
{
	m->guard[what]++;
	m->is_stale = 1;
}

/* ---- The file --------------------------------------------------------- */

static void put_head(FILE *out, const char *name, const char *kind,
		     const char *help)
{
	fprintf(out, "# HELP clonexec_%s %s\n# TYPE clonexec_%s %s\n", name,
		help, name, kind);
}

static void put_counter(FILE *out, const char *name, const char *help,
			unsigned long long value)
{
	put_head(out, name, "counter", help);
	fprintf(out, "clonexec_%s %llu\n", name, value);
}

static void put_seconds(FILE *out, const char *name, const char *help,
			double value)
{
	put_head(out, name, "gauge", help);
	fprintf(out, "clonexec_%s %.3f\n", name, value);
}

static void put_losses(FILE *out, const struct metrics *m)
{
	int i;

	put_head(out, "losses_total", "counter",
		 "Execs that lost their privileges.");
	for (i = 0; i < m->used; i++)
		fprintf(out, "clonexec_losses_total{%s} %llu\n",
			m->series[i].labels, m->series[i].count);
	/* (So there is a sample when nothing was lost.) */
	fprintf(out,
		"clonexec_losses_total{path=\"\",kind=\"other\",cause=\"\","
		"unit=\"\",container=\"\"} %llu\n",
		m->other);
}

static void put_guard(FILE *out, const struct metrics *m)
{
	static const char *const names[EVENT_GUARD_WHATS] = {
		[EVENT_GUARD_KEPT] = "kept",
		[EVENT_GUARD_LET_GO] = "let_go",
		[EVENT_GUARD_UNQUEUED] = "unqueued",
		[EVENT_GUARD_REFUSED] = "refused",
	};
	int i;

	put_head(out, "guard_events_total", "counter",
		 "What clonexec guard did for execs and creations that met.");
	for (i = 0; i < EVENT_GUARD_WHATS; i++)
		fprintf(out, "clonexec_guard_events_total{what=\"%s\"} %llu\n",
			names[i], m->guard[i]);
}

static void put_all(FILE *out, const struct metrics *m,
		    const struct metrics_counts *c)
{
	put_losses(out, m);
	put_seconds(out, LAST_LOSS,
		    "When the last one was; 0 if none was seen.", m->last_loss);
	if (c->counts_eagain)
		put_counter(out, "refused_creations_total",
			    "Thread creations that an exec made fail.",
			    c->eagain);
	put_counter(out, "events_withheld_total",
		    "Events beyond the limit of their user and file.",
		    c->withheld);
	put_counter(out, "events_dropped_total",
		    "Events without room, execs that a hook was skipped for.",
		    c->dropped);
	put_guard(out, m);
	put_seconds(out, "watch_start_time_seconds",
		    "Since when this is counted.", m->started);
}

static int write_file(const struct metrics *m, const struct metrics_counts *c)
{
	struct outfile f;
	int error = outfile_open(&f, m->path);

	if (error)
		return error;
	put_all(f.out, m, c);
	return outfile_commit(&f);
}

/* ---- What was there before -------------------------------------------- */

/* 0: no such line, or no time that has been. */
static double last_loss_of(FILE *file, double now)
{
	static const char name[] = "clonexec_" LAST_LOSS " ";
	char line[128], *end;
	double value;
	int i, is_past;

	for (i = 0; i < MOST_LINES && fgets(line, sizeof(line), file); i++) {
		if (strncmp(line, name, strlen(name)) != 0)
			continue;
		value = strtod(line + strlen(name), &end);
		/* (Of just now, its last digit may be rounded up.) */
		is_past = value > 0 && value <= now + 0.001;
		return *end == '\n' && is_past ? value : 0;
	}
	return 0;
}

static double read_last_loss(const char *path, double now)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	FILE *file = NULL;
	double value = 0;
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) &&
	    (st.st_uid == 0 || st.st_uid == geteuid()))
		file = fdopen(fd, "r");
	if (file) {
		value = last_loss_of(file, now);
		fclose(file);
	} else if (fd >= 0) {
		close(fd);
	}
	return value;
}

int metrics_begin(struct metrics *m, const char *path)
{
	const struct metrics_counts none = { 0 };

	m->path = path;
	m->started = real_seconds();
	if (!path)
		return 0;
	m->last_loss = read_last_loss(path, m->started);
	return write_file(m, &none);
}

int metrics_is_due(const struct metrics *m, double now)
{
	return m->path &&
	       now - m->written_at >= (m->is_stale ? news_s : no_news_s);
}

int metrics_write(struct metrics *m, const struct metrics_counts *c, double now)
{
	int error = write_file(m, c);

	m->written_at = now;
	m->is_stale = 0;
	if (error && !m->has_failed)
		text_error("watch: %s: %s", m->path, outfile_why(error));
	m->has_failed = error != 0;
	return error;
}
