/* SPDX-License-Identifier: MIT */
/*
 * A file that is there whole or not at all: kept in memory until it is
 * complete, then written beside its place under another name, and renamed.
 * So a command that is interrupted while it measures leaves nothing behind.
 *
 * Root may be told to write where others can, too.  So the directory is
 * looked up once and held by a descriptor, and in it no link is followed: a
 * file takes the place of whatever has the name by then, and can land nowhere
 * else.  On the way to the directory a link counts if root or this user has
 * made it and others cannot exchange it.
 *
 * What is no regular file (a terminal, a pipe, /dev/null) is written to as it
 * is, also through a link (/dev/stdout), if such a link counts.
 */
#ifndef OUTFILE_H
#define OUTFILE_H

#include <limits.h>
#include <stdio.h>
#include <sys/types.h>

struct outfile {
	FILE *out;
	const char *path;	 /* must stay */
	int dir;		 /* where it goes; -1: written in place */
	char name[NAME_MAX + 1]; /* in there */
	mode_t mode;
	char *text;
	size_t size;
};

/* 0 or -errno: also if it could not be written in the end. */
int outfile_open(struct outfile *f, const char *path);

/* Ends it: the file is in place, or -errno and nothing has changed. */
int outfile_commit(struct outfile *f);
void outfile_discard(struct outfile *f);

/*
 * For what has no end, by the same rules: a new, empty file is in its place at
 * once, and is written to as it goes.
 */
int outfile_stream(const char *path, FILE **out);

/* What an error of these means, in a few words. */
const char *outfile_why(int error);

#endif
