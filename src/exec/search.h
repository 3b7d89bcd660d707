/* SPDX-License-Identifier: MIT */
/* The PATH search of execvp and its friends, as a walk over candidates. */
#ifndef CX_SEARCH_H
#define CX_SEARCH_H

#include <stddef.h>

/* What the libcs do differently. */
struct cx_search_rules {
	const char *default_path; /* where the environment has no PATH */
	int runs_scripts;	  /* ENOEXEC: try it with /bin/sh */
	int skips_stale;	  /* go on after ESTALE, ENODEV and
				     ETIMEDOUT too */
};

extern const struct cx_search_rules cx_search_glibc; /* posix/execvpe.c */
extern const struct cx_search_rules cx_search_musl;  /* process/execvp.c */

struct cx_search {
	const char *file;
	size_t file_size;    /* with its NUL */
	const char *rest;    /* of the path, NULL after the last element */
	size_t element_size; /* longer elements are passed over */
};

/*
 * Starts a walk.  Returns how many bytes a candidate needs at most, at most
 * PATH_MAX + NAME_MAX + 1; or -ENOENT, -ENAMETOOLONG as execvp would.
 */
int cx_search_start(struct cx_search *s, const char *file, const char *path);

/* Writes the next candidate to buf; 0 if there is none any more. */
int cx_search_next(struct cx_search *s, char *buf);

/* Whether a search goes on after this error (a negative errno). */
int cx_search_goes_on(const struct cx_search_rules *rules, int error);

#endif
