/* SPDX-License-Identifier: MIT */
/* What is made of the times: the order, the window, the steps. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "timeline.h"

static struct race race = { .kind = TARGET_SETUID };
static struct timeline t;

static struct race_result result(long long creation, long long frozen)
{
	return (struct race_result){
		.verdict = TARGET_LOST, .pid = 10, .creator = 11,
		.creation = creation, .frozen = frozen, .exec = 3000,
		.said = 8000, .ended = 27681000,
	};
}

static void build(const struct race_result *r, const struct timeline_kernel *k)
{
	int i;

	memset(&t, 0, sizeof(t));
	timeline_build(&t, &race, r, k);
	for (i = 1; i < t.marks; i++)
		check(t.mark[i - 1].us <= t.mark[i].us, "mark %d", i);
	check(t.mark[0].us == 0 && t.end > 0, "it does not begin at 0");
}

static void check_step(int i, double us, int users, int threads)
{
	check(i < t.steps && t.step[i].us == us && t.step[i].users == users &&
	      t.step[i].threads == threads, "step %d: %g us, %d users, %d", i,
	      t.step[i].us, t.step[i].users, t.step[i].threads);
}

static void frozen(void)
{
	struct race_result r = result(1000, 2000);
	struct timeline_kernel k = { .prepare = 4000, .creation = 5000,
		.exec = 6000, .threads = 2, .users = 3 };

	race.creators = RACE_FROZEN;
	build(&r, &k);
	check(t.marks == 6 && t.frozen && t.by_kernel, "%d marks", t.marks);
	check(t.end == 5, "it ends %g us after the clone, not where the new "
	      "program starts", t.end);
	check(t.window_from == 1 && t.window_to == 4, "the window");
	check(t.steps == 3, "%d steps", t.steps);
	check_step(0, 0, 2, 2);
	check_step(1, 1, 3, 2);
	check_step(2, 4, 1, 1);
}

static void frozen_unseen(void)
{
	struct race_result r = result(1000, 2000);

	race.creators = RACE_FROZEN;
	build(&r, NULL);
	check(t.marks == 4 && !t.by_kernel, "%d marks", t.marks);
	check(t.end == 7, "it ends after %g us, not with the new program's "
	      "first word", t.end);
	check(t.window_to == t.end, "nobody saw the end of the window");
	check_step(1, 1, 3, 2);
}

/* The kernel asked too late: there were as many users as threads again. */
static void completed_early(void)
{
	struct race_result r = result(2000, 0);
	struct timeline_kernel k = { .prepare = 5000, .creation = 4000,
		.completed = 1, .exec = 6000, .threads = 4, .users = 4 };

	race.creators = RACE_SPINNING;
	build(&r, &k);
	check(!t.frozen && t.window_from == 0 && t.window_to == 2, "window");
	check_step(0, 0, 3, 3);
	check_step(1, 0, 4, 3);
	check_step(2, 2, 4, 4);
	check_step(3, 4, 1, 1);
}

static void completed_late(void)
{
	struct race_result r = result(2000, 0);
	struct timeline_kernel k = { .prepare = 4000, .creation = 5000,
		.completed = 1, .exec = 6000, .threads = 4, .users = 5 };

	race.creators = RACE_SPINNING;
	build(&r, &k);
	check_step(0, 0, 4, 4);
	check_step(1, 0, 5, 4);
	check_step(2, 3, 5, 5);
	check_step(3, 4, 1, 1);
}

/* No number of threads, no creator: then nothing is made up. */
static void little_known(void)
{
	struct race_result r = result(0, 0);
	struct timeline_kernel k = { .exec = 6000 };

	race.creators = RACE_SPINNING;
	build(&r, &k);
	check(t.marks == 2 && t.steps == 0, "%d marks", t.marks);
	build(&r, NULL);
	check(t.marks == 2 && t.steps == 0, "%d marks", t.marks);
}

/* The line of labels: round numbers, of which no two touch. */
static void check_labels(char *line)
{
	char *p = line + 2, *end;
	double step = timeline_step(&t, 6), value;
	int n = 0;

	check(strlen(line) <= 80, "%zu columns", strlen(line));
	for (;; p = end, n++) {
		value = strtod(p, &end);
		if (end == p)
			break;
		check(p[0] == ' ' && p[1] == ' ', "they touch: %s", line);
		check(fabs(value - n * step) < step / 1e6, "label %d of: %s", n,
		      line);
	}
	check(n >= 3 && n <= 7 && value <= t.end, "%d labels: %s", n, line);
}

static void axis(void)
{
	static const double ends[] = { 0.4, 3, 7, 129.9, 130, 297.8, 500, 999,
				       27681, 4999999, 123456789 };
	char *text, *line;
	size_t i, size;
	double step;
	FILE *out;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		t.end = ends[i];
		t.marks = t.steps = 0;
		step = timeline_step(&t, 6);
		step /= pow(10, floor(log10(step) + 1e-9));
		check(fabs(step - 1) < 1e-6 || fabs(step - 2) < 1e-6 ||
		      fabs(step - 5) < 1e-6, "not round: %g", step);
		out = open_memstream(&text, &size);
		timeline_print(&t, out);
		fclose(out);
		line = strstr(text, "\nus ");
		check(line != NULL, "no axis: %s", text);
		line[1 + strcspn(line + 1, "\n")] = '\0';
		check_labels(line + 1);
		free(text);
	}
}

static const struct tap_case cases[] = {
	{ "frozen, as the kernel tells it", frozen, 0 },
	{ "frozen, from user space alone", frozen_unseen, 0 },
	{ "a creation that completed before it was asked", completed_early, 0 },
	{ "and one after it", completed_late, 0 },
	{ "little is known", little_known, 0 },
	{ "the axis: round numbers that never touch", axis, 0 },
};

int main(void)
{
	return tap_main(cases);
}
