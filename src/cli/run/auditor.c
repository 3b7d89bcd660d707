/* SPDX-License-Identifier: MIT */
#include "auditor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "installed.h"
#include "locate.h"
#include "shim.h"

/* The shim was named, and whoever names it is trusted with it. */
static int shim_was_given(void)
{
	const char *given = getenv("CLONEXEC_PRELOAD");

	return given && *given;
}

int auditor_find(const struct shim *shim, char path[PATH_MAX], char *why,
		 size_t size)
{
	const char *slash = strrchr(shim->path, '/');
	char there[PATH_MAX + sizeof(INSTALLED_AUDITOR)];
	struct located b = { .path = "" };
	int error;

	snprintf(there, sizeof there, "%.*s%s",
		 slash ? (int)(slash + 1 - shim->path) : 0, shim->path,
		 INSTALLED_AUDITOR);
	if (shim_was_given() && locate_resolve(there, b.path) == 0)
		error = 0;
	else if (locate_is_built())
		error = locate_find_built("../audit/" INSTALLED_AUDITOR, &b);
	else
		error = locate_find(there, &b);
	if (error) {
		snprintf(why, size, "the auditor %s: %s",
			 error == -EPERM ? "is not trusted" : "was not found",
			 error == -EPERM ? b.why : there);
		return -1;
	}
	/* Colons are all that the loader separates by. */
	if (strchr(b.path, ':')) {
		snprintf(why, size,
			 "LD_AUDIT cannot hold a path with a "
			 "colon: %s",
			 b.path);
		return -1;
	}
	strcpy(path, b.path);
	return 0;
}

int auditor_prepend(const char *path)
{
	const char *old = getenv("LD_AUDIT");
	char *both;
	int ret;

	if (!old || !*old)
		return setenv("LD_AUDIT", path, 1);
	if (!strncmp(old, path, strlen(path)))
		return 0;
	if (asprintf(&both, "%s:%s", path, old) < 0)
		return -1;
	ret = setenv("LD_AUDIT", both, 1);
	free(both);
	return ret;
}
