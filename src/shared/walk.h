/* SPDX-License-Identifier: MIT */
/*
 * Looks a path up component by component, each by a descriptor of its own.
 * The kernel's lookup follows every link that it meets; here the caller is
 * asked about each step first, and what was looked at is what is entered:
 * nobody can exchange it in between.
 */
#ifndef WALK_H
#define WALK_H

#include <sys/stat.h>

struct walk_step {
	const char *path;	  /* how we got here; no link is in it */
	const struct stat *dir;	  /* where it lies; NULL for "/" itself */
	const struct stat *entry; /* not followed, if it is a link */
};

/* 0 to go on, or -errno, which ends the walk. */
typedef int walk_ask(const struct walk_step *step, void *arg);

/*
 * An O_PATH descriptor of the file that the path leads to, or -errno.  A
 * relative path begins at the working directory, about which nobody is
 * asked.
 */
int walk_open(const char *path, walk_ask *ask, void *arg);

/*
 * Whether the id is root's, or stands for it here: who owns "/" is root where
 * a user namespace has no name for it, and has made the chroot elsewhere.
 */
int walk_is_root(uid_t uid);

#endif
