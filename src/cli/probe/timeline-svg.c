/* SPDX-License-Identifier: MIT */
#include "timeline.h"

#include "svg.h"

enum {
	WIDTH = 440,
	LEFT = 62,
	RIGHT = 20, /* half of the last label of the axis */
	LABELS = 5, /* of it, beside 0 */
	CLONE_Y = 58,
	EXEC_Y = 104,
	LANE_HEIGHT = 20,
	STEPS_Y = 160, /* the top of both step lines */
	STEP_HEIGHT = 14,
	LIST_Y = 60, /* below what is above it */
	LIST_LINE = 20,
};

static double x_of(const struct timeline *t, double us)
{
	return LEFT + us / t->end * (WIDTH - LEFT - RIGHT);
}

static int lane_y(enum timeline_lane lane)
{
	return lane == TIMELINE_CLONE ? CLONE_Y : EXEC_Y;
}

static void draw_window(const struct timeline *t, FILE *out)
{
	double from = x_of(t, t->window_from), to = x_of(t, t->window_to);

	svg_rect(out, "window", from, CLONE_Y - 14, to - from,
		 EXEC_Y - CLONE_Y + LANE_HEIGHT + 28);
	svg_text(out, "lost small", from > WIDTH / 2.0 ? "end" : "start",
		 from > WIDTH / 2.0 ? to : from, CLONE_Y - 18, "the window");
}

static void draw_lane(const struct timeline *t, enum timeline_lane lane,
		      FILE *out)
{
	double first = t->end, last = 0;
	int i;

	for (i = 0; i < t->marks; i++) {
		if (t->mark[i].lane != lane)
			continue;
		first = t->mark[i].us < first ? t->mark[i].us : first;
		last = t->mark[i].us > last ? t->mark[i].us : last;
	}
	if (lane == TIMELINE_CLONE && t->window_to > last)
		last = t->window_to;
	svg_text(out, "head", "start", 4, lane_y(lane) + 15, "%s",
		 lane == TIMELINE_CLONE ? "clone" : "exec");
	svg_rect(out, lane == TIMELINE_CLONE ? "lost" : "lane", x_of(t, first),
		 lane_y(lane) + 6, x_of(t, last) - x_of(t, first),
		 LANE_HEIGHT - 12);
}

/* A mark that would cover the one before it moves to the right. */
static void draw_marks(const struct timeline *t, FILE *out)
{
	double next[TIMELINE_LANES] = { 0, 0 };
	int i;

	for (i = 0; i < t->marks; i++) {
		const struct timeline_mark *m = &t->mark[i];
		double x = x_of(t, m->us);

		if (x < next[m->lane])
			x = next[m->lane];
		next[m->lane] = x + 17;
		svg_circle(out, m->lane == TIMELINE_CLONE ? "lost" : "lane", x,
			   lane_y(m->lane) + LANE_HEIGHT / 2.0, 8.5);
		svg_text(out, "number", "middle", x,
			 lane_y(m->lane) + LANE_HEIGHT / 2.0 + 4, "%d", i + 1);
	}
}

static int highest(const struct timeline *t)
{
	int i, n = 1;

	for (i = 0; i < t->steps; i++) {
		n = t->step[i].users > n ? t->step[i].users : n;
		n = t->step[i].threads > n ? t->step[i].threads : n;
	}
	return n;
}

static void draw_steps(const struct timeline *t, int threads, double bottom,
		       FILE *out)
{
	double y = bottom, shift = threads ? 1.5 : -1.5;
	int i, n;

	svg_path_begin(out, threads ? "step" : "step lost");
	for (i = 0; i < t->steps; i++) {
		n = threads ? t->step[i].threads : t->step[i].users;
		if (i)
			svg_path_to(out, x_of(t, t->step[i].us), y);
		y = bottom - n * STEP_HEIGHT + shift;
		svg_path_to(out, x_of(t, t->step[i].us), y);
	}
	svg_path_to(out, x_of(t, t->end), y);
	svg_path_end(out);
}

/* Returns where it ended. */
static double draw_both_steps(const struct timeline *t, FILE *out)
{
	int i, n = highest(t);
	double bottom = STEPS_Y + (n + 1) * STEP_HEIGHT;

	if (!t->steps)
		return STEPS_Y - 20;
	for (i = 1; i <= n; i++) {
		svg_line(out, "rule", LEFT, bottom - i * STEP_HEIGHT,
			 WIDTH - RIGHT, bottom - i * STEP_HEIGHT);
		svg_text(out, "soft small", "end", LEFT - 6,
			 bottom - i * STEP_HEIGHT + 4, "%d", i);
	}
	draw_steps(t, 1, bottom, out);
	draw_steps(t, 0, bottom, out);
	svg_text(out, "lost small", "start", LEFT, STEPS_Y, "users of the fs");
	svg_text(out, "lane small", "start", LEFT + 110, STEPS_Y,
		 "threads of the process");
	return bottom;
}

static void draw_axis(const struct timeline *t, double y, FILE *out)
{
	double step = timeline_step(t, LABELS), x;
	int i;

	for (i = 0; i <= LABELS && i * step <= t->end; i++) {
		x = x_of(t, i * step);
		svg_line(out, "rule", x, y - 14, x, y - 10);
		svg_text(out, "soft small", "middle", x, y, "%.10g%s", i * step,
			 i ? "" : " us");
	}
}

static void list_marks(const struct timeline *t, double y, FILE *out)
{
	int i;

	for (i = 0; i < t->marks; i++, y += LIST_LINE) {
		const struct timeline_mark *m = &t->mark[i];

		svg_circle(out, m->lane == TIMELINE_CLONE ? "lost" : "lane", 14,
			   y - 4, 8.5);
		svg_text(out, "number", "middle", 14, y, "%d", i + 1);
		svg_text(out, "soft small", "end", LEFT + 22, y, "%.1f us",
			 m->us);
		svg_text(out, "ink", "start", LEFT + 32, y, "%s%s", m->text,
			 i == 0 && m->lane == TIMELINE_CLONE &&
					 t->verdict == TARGET_LOST ?
				 " (the culprit)" :
				 "");
	}
}

void timeline_svg(const struct timeline *t, FILE *out, int alone)
{
	int steps = t->steps ? (highest(t) + 1) * STEP_HEIGHT + 20 : 0;
	int height = STEPS_Y - 20 + steps + LIST_Y + t->marks * LIST_LINE;
	char title[128];
	double y;

	svg_begin(out, WIDTH, height, timeline_title(t, title), alone);
	svg_text(out, "head", "start", 4, 18, "The race, %s: privileges %s",
		 t->frozen ? "frozen" : "caught",
		 target_verdict_name(t->verdict));
	draw_window(t, out);
	draw_lane(t, TIMELINE_CLONE, out);
	draw_lane(t, TIMELINE_EXEC, out);
	draw_marks(t, out);
	y = draw_both_steps(t, out) + 16;
	draw_axis(t, y, out);
	list_marks(t, y + 28, out);
	svg_end(out);
}
