/* SPDX-License-Identifier: MIT */
/*
 * What the commands have in common when they read their options: the
 * complaints, one line each, and numbers.  All return -1 after a complaint.
 */
#ifndef OPTION_H
#define OPTION_H

int option_bad_value(const char *command, const char *option,
		     const char *value);

/* Of a '?' or ':' that getopt_long(3) has just answered. */
int option_unknown(const char *command, int answer, char *const argv[]);

/* A whole number from min to max; 0 if it is one. */
int option_number(const char *command, const char *option, const char *text,
		  long min, long max, long *value);

/* Likewise, with or without a fraction; no infinity, and no NaN. */
int option_real(const char *command, const char *option, const char *text,
		double min, double max, double *value);

/* The name of a file, which is not empty. */
int option_file(const char *command, const char *option, const char *text,
		const char **file);

#endif
