/* SPDX-License-Identifier: MIT */
#include "chart.h"

#include "svg.h"

enum {
	WIDTH = 440,
	LEFT = 104, /* labels end here */
	RIGHT = 92, /* room for k/n */
	TOP = 34,
	ROW = 30,
	BAR = 16,
};

static double x_of(double fraction, double top)
{
	return LEFT + fraction / top * (WIDTH - LEFT - RIGHT);
}

/* A bar of nothing is drawn as a hair, so that it is seen to be there. */
static void draw_bar(FILE *out, const struct chart_bar *b, double y, double top)
{
	double rate = b->n ? (double)b->k / (double)b->n : 0;
	double middle = y + BAR / 2.0, width = x_of(rate, top) - LEFT;

	svg_text(out, "ink", "end", LEFT - 8, middle + 4.5, "%s", b->label);
	svg_rect(out, b->class, LEFT, y, width > 1 ? width : 1, BAR);
	svg_line(out, "whisker", x_of(b->lo, top), middle, x_of(b->hi, top),
		 middle);
	svg_line(out, "whisker", x_of(b->lo, top), middle - 4, x_of(b->lo, top),
		 middle + 4);
	svg_line(out, "whisker", x_of(b->hi, top), middle - 4, x_of(b->hi, top),
		 middle + 4);
	svg_text(out, b->class, "end", WIDTH - 4, middle + 4.5, "%ld of %ld",
		 b->k, b->n);
}

void chart_bars(FILE *out, const char *title, const struct chart_bar *bars,
		int count, double top)
{
	double bottom = TOP + count * ROW;
	int i;

	svg_begin(out, WIDTH, (int)bottom + 24, title, 0);
	svg_text(out, "head", "start", 4, 16, "%s", title);
	for (i = 0; i <= 2; i++) {
		svg_line(out, "rule", x_of(top * i / 2, top), TOP - 6,
			 x_of(top * i / 2, top), bottom);
		svg_text(out, "soft small", "middle", x_of(top * i / 2, top),
			 bottom + 15, "%.3g %%", 100 * top * i / 2);
	}
	for (i = 0; i < count; i++)
		draw_bar(out, &bars[i], TOP + i * ROW + (ROW - BAR) / 2.0, top);
	svg_end(out);
}
