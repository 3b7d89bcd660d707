/* SPDX-License-Identifier: MIT */
#include "timeline.h"

#include <stdio.h>
#include <string.h>

#include "printable.h"
#include "text.h"

enum {
	COLUMNS = 68,
	RIGHT = 4, /* more of them that the last label may use */
	LABELS = 6,
};

static int column(const struct timeline *t, double us)
{
	int c = (int)(us / t->end * (COLUMNS - 1) + 0.5);

	return c < 0 ? 0 : c >= COLUMNS ? COLUMNS - 1 : c;
}

/* From the lane's first mark to its last; the window shaded; its marks. */
static void draw_lane(const struct timeline *t, enum timeline_lane lane,
		      char line[COLUMNS + 1])
{
	int i, c, first = COLUMNS, last = 0;

	memset(line, ' ', COLUMNS);
	line[COLUMNS] = '\0';
	for (i = 0; i < t->marks; i++) {
		if (t->mark[i].lane != lane)
			continue;
		c = column(t, t->mark[i].us);
		first = c < first ? c : first;
		last = c > last ? c : last;
	}
	for (c = first; c <= last; c++)
		line[c] = '-';
	if (lane == TIMELINE_CLONE)
		for (c = column(t, t->window_from);
		     c <= column(t, t->window_to); c++)
			line[c] = '#';
	for (i = 0; i < t->marks; i++) {
		if (t->mark[i].lane != lane)
			continue;
		c = column(t, t->mark[i].us);
		while (c > 0 && line[c] >= '1' && line[c] <= '9')
			c--;
		line[c] = (char)('1' + i);
	}
}

static char digit(int n)
{
	return "0123456789+"[n > 9 ? 10 : n];
}

static void draw_steps(const struct timeline *t, int threads,
		       char line[COLUMNS + 1])
{
	int i, c, n;

	memset(line, ' ', COLUMNS);
	line[COLUMNS] = '\0';
	for (i = 0; i < t->steps; i++) {
		n = threads ? t->step[i].threads : t->step[i].users;
		for (c = column(t, t->step[i].us); c < COLUMNS; c++)
			line[c] = digit(n);
	}
}

/* A line of ticks, and one of round numbers that begin below them. */
static void print_axis(const struct timeline *t, FILE *out)
{
	double step = timeline_step(t, LABELS);
	char ticks[COLUMNS], labels[COLUMNS + RIGHT], text[32];
	int i, c, n, used = 0;

	memset(ticks, ' ', COLUMNS);
	memset(labels, ' ', sizeof(labels));
	for (i = 0; i <= LABELS && i * step <= t->end; i++) {
		c = column(t, i * step);
		ticks[c] = '|';
		n = snprintf(text, sizeof(text), "%.10g", i * step);
		if (c + n > COLUMNS + RIGHT)
			c = COLUMNS + RIGHT - n;
		memcpy(labels + c, text, (size_t)n);
		used = c + n;
	}
	for (n = COLUMNS; n > 0 && ticks[n - 1] == ' '; n--)
		;
	fprintf(out, "%-8s%.*s\n", "", n, ticks);
	fprintf(out, "%-8s%.*s\n\n", "us", used, labels);
}

static void list_marks(const struct timeline *t, FILE *out)
{
	int i;

	for (i = 0; i < t->marks; i++) {
		const struct timeline_mark *m = &t->mark[i];
		int culprit = m->lane == TIMELINE_CLONE && i == 0 &&
			      t->verdict == TARGET_LOST;

		fprintf(out, "  %d %9.1f us  %-5s  %s%s%s%s\n", i + 1, m->us,
			m->lane == TIMELINE_CLONE ? "clone" : "exec", m->text,
			text_begin(out, culprit ? TEXT_BAD : TEXT_PLAIN),
			culprit ? "  <- the culprit" : "",
			text_end(out, culprit ? TEXT_BAD : TEXT_PLAIN));
	}
}

void timeline_print(const struct timeline *t, FILE *out)
{
	char line[COLUMNS + 1], title[128], unseen[sizeof(t->unseen)];

	fprintf(out, "%s%s%s\n\n", text_begin(out, TEXT_BOLD),
		timeline_title(t, title), text_end(out, TEXT_BOLD));
	draw_lane(t, TIMELINE_CLONE, line);
	fprintf(out, "%-8s%s\n", "clone", line);
	draw_lane(t, TIMELINE_EXEC, line);
	fprintf(out, "%-8s%s\n", "exec", line);
	if (t->steps) {
		draw_steps(t, 0, line);
		fprintf(out, "%-8s%s\n", "users", line);
		draw_steps(t, 1, line);
		fprintf(out, "%-8s%s\n", "threads", line);
	}
	print_axis(t, out);
	list_marks(t, out);
	fprintf(out,
		"\n# is the window: the new thread is a user of the file "
		"system context\nalready, and no thread of the process yet.\n");
	if (!t->by_kernel)
		fprintf(out, "Seen from user space alone: %s.\n",
			printable_copy(t->unseen, unseen, sizeof(unseen)));
}
