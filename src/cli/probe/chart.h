/* SPDX-License-Identifier: MIT */
/* A bar chart of rates, each with the whisker of its interval, as SVG. */
#ifndef CHART_H
#define CHART_H

#include <stdio.h>

struct chart_bar {
	char label[40];
	long k, n;
	double lo, hi;	   /* of k/n, fractions */
	const char *class; /* lost, kept or soft */
};

/* The axis goes from 0 to `top` (a fraction), the same for all charts of a
   page. */
void chart_bars(FILE *out, const char *title, const struct chart_bar *bars,
		int count, double top);

#endif
