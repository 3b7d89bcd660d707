/* SPDX-License-Identifier: MIT */
/*
 * Would this exec fail?  A failed exec must not cost the caller its shared
 * working directory, so failures that can be foreseen are foreseen.
 */
#ifndef CX_FORECAST_H
#define CX_FORECAST_H

#include "attempt.h"
#include "process.h"

enum forecast {
	FORECAST_OPEN,	    /* it may succeed */
	FORECAST_NO_FILE,   /* there seems to be no file that this user
			       may execute: the kernel should be asked */
	FORECAST_ARGUMENTS, /* it certainly refuses a pointer or the size
			       of the arguments */
};

/*
 * Asks with what a seccomp filter surely allows, where one is in force.  In a
 * search, moves the attempt on to the first candidate that is not simply
 * missing, so that the misses before it are not tried twice.
 */
enum forecast cx_forecast(struct cx_attempt *a, struct process *p);

#endif
