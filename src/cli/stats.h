/* SPDX-License-Identifier: MIT */
/* What can be said about a rate from k of n, and the median. */
#ifndef STATS_H
#define STATS_H

#include <stddef.h>

/*
 * Wilson's 95 % interval of k/n: unlike the textbook's it is right for k = 0,
 * which is what we hope for.  n = 0 gives 0 and 1.
 */
void stats_wilson(long k, long n, double *lo, double *hi);

/* Sorts the values.  0 if there are none. */
long stats_median(long *values, size_t count);

#endif
