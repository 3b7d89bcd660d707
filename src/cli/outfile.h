/* SPDX-License-Identifier: MIT */
/*
 * A file that is there whole or not at all: kept in memory until it is
 * complete, then written beside its place under another name, and renamed.
 * So whoever is interrupted while it measures leaves nothing behind.
 */
#ifndef OUTFILE_H
#define OUTFILE_H

#include <limits.h>
#include <stdio.h>
#include <sys/types.h>

struct outfile {
	FILE *out;
	const char *path;	/* must stay */
	char place[PATH_MAX];	/* its own, not a link's; "": written in place
				   (a device) */
	mode_t mode;
	char *text;
	size_t size;
};

/* 0 or -errno: also if it could not be written in the end. */
int outfile_open(struct outfile *f, const char *path);

/* Ends it: the file is in place, or -errno and nothing has changed. */
int outfile_commit(struct outfile *f);
void outfile_discard(struct outfile *f);

#endif
