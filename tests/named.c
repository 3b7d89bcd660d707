/* SPDX-License-Identifier: MIT */
#include "named.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

const char *named_place(void)
{
	static const char place[] = "/mnt";

	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("targets", place, "tmpfs", 0, "mode=755") ||
	    setenv("TMPDIR", place, 1))
		return NULL;
	return place;
}

static int name_one(struct targets *t, enum target_kind kind, const char *dir)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", dir, target_name(kind)) >=
	    (int)sizeof(path))
		return -ENAMETOOLONG;
	if (linkat(AT_FDCWD, t->path[kind], AT_FDCWD, path,
		   AT_SYMLINK_FOLLOW))
		return -errno;
	strcpy(t->path[kind], path);
	return 0;
}

int named_targets(struct targets *t, const char *dir)
{
	int kind, error = 0;

	for (kind = 0; kind < TARGET_KINDS && !error; kind++)
		if (!t->error[kind])
			error = name_one(t, (enum target_kind)kind, dir);
	return error;
}
