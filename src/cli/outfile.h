/* SPDX-License-Identifier: MIT */
/*
 * A file that is there whole or not at all: written beside its place under
 * another name, and renamed when it is complete.
 */
#ifndef OUTFILE_H
#define OUTFILE_H

#include <limits.h>
#include <stdio.h>

struct outfile {
	FILE *out;
	const char *path;	    /* must stay */
	char temporary[PATH_MAX];   /* "": written in place (a device) */
};

/* 0 or -errno. */
int outfile_open(struct outfile *f, const char *path);

/* Ends it: the file is in place, or -errno and nothing has changed. */
int outfile_commit(struct outfile *f);
void outfile_discard(struct outfile *f);

#endif
