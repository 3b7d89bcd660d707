/* SPDX-License-Identifier: MIT */
#include "stats.h"

#include <math.h>
#include <stdlib.h>

void stats_wilson(long k, long n, double *lo, double *hi)
{
	const double z = 1.959963984540054; /* 97.5 % of the normal curve */
	double p, centre, half, scale;

	*lo = 0;
	*hi = 1;
	if (n <= 0)
		return;
	p = (double)k / (double)n;
	scale = 1 + z * z / (double)n;
	centre = (p + z * z / (2.0 * (double)n)) / scale;
	half = z / scale *
	       sqrt(p * (1 - p) / (double)n +
		    z * z / (4.0 * (double)n * (double)n));
	/* Exact at the ends, where rounding would leave 1e-19. */
	if (k > 0)
		*lo = centre - half;
	if (k < n)
		*hi = centre + half;
}

static int compare(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

long stats_median(long *values, size_t count)
{
	if (!count)
		return 0;
	qsort(values, count, sizeof(values[0]), compare);
	if (count % 2)
		return values[count / 2];
	return values[count / 2 - 1] +
	       (values[count / 2] - values[count / 2 - 1]) / 2;
}
