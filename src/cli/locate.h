/* SPDX-License-Identifier: MIT */
/*
 * Files that come with this command, found from where it is: an installed
 * tree may have moved.  What is found is run, perhaps by root, so it must be
 * no easier to exchange than the command itself: it and every directory and
 * link on the way to it belong to root or to the command's owner, and nobody
 * else can write there.  A directory like /tmp, where everybody may make
 * files, is no such place, even though its sticky bit protects what is there:
 * what is missing there today is made by a stranger tomorrow.
 */
#ifndef LOCATE_H
#define LOCATE_H

#include <limits.h>

struct located {
	char path[PATH_MAX]; /* absolute, without links */
	char why[256];	     /* for -EPERM: who else could have written it */
};

/* The file at rel, as seen from this command's directory; or an absolute
   path.  0, -EPERM, or another -errno if it is not there. */
int locate_find(const char *rel, struct located *b);

/*
 * Whether this is the command of a build tree, still where it was built.  In
 * there the other files lie elsewhere, and may be in /tmp: they are as good
 * as the command, for whoever can write to the tree has made both.  A copy of
 * the command somewhere else is no build tree, whatever lies around it.
 */
int locate_is_built(void);

/* The file at rel in the build tree.  0 or -errno. */
int locate_find_built(const char *rel, struct located *b);

/* The absolute path of a file that exists.  0 or -1. */
int locate_resolve(const char *candidate, char path[PATH_MAX]);

#endif
