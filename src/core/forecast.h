/* SPDX-License-Identifier: MIT */
/*
 * Would this exec fail?  A failed exec must not cost the caller its shared
 * working directory, so failures that can be foreseen are foreseen.
 */
#ifndef CX_FORECAST_H
#define CX_FORECAST_H

#include "attempt.h"

/*
 * filtered: a seccomp filter is in force, so ask with what it surely allows.
 * 1 if the attempt would certainly fail, 0 if it may succeed.  In a search,
 * moves it on to the first candidate that may, so that the misses before it
 * are not tried twice.
 */
int cx_forecast_fails(struct cx_attempt *a, int filtered);

#endif
