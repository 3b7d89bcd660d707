/* SPDX-License-Identifier: MIT */
#include "shim.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "beside.h"

#define SHIM_NAME "libclonexec-preload.so"

/* The two loaders take blanks and colons alike, and neither can quote. */
static const char separators[] = " \t\n\v\f\r:";

int shim_find(char path[PATH_MAX])
{
	/* Where an installed tree may have moved to; then the build tree. */
	static const char *const places[] = {
		CLI_LIBDIR_FROM_BIN "/" SHIM_NAME, "../lib/" SHIM_NAME,
		"../preload/" SHIM_NAME,
	};
	/* Absolute, because children change their directory. */
	const char *env = getenv("CLONEXEC_PRELOAD");
	size_t i;

	if (env && *env) {
		if (beside_resolve(env, path) == 0)
			return 0;
		snprintf(path, PATH_MAX, "%s", env);
		return -1;
	}
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (beside_command(places[i], path) == 0)
			return 0;
	snprintf(path, PATH_MAX, "%s", CLI_LIBDIR "/" SHIM_NAME);
	return access(path, R_OK);
}

/* Whether the list begins with the path: further on it is loaded only once. */
static int is_first(const char *list, const char *path)
{
	size_t len = strlen(path);

	list += strspn(list, separators);
	return strcspn(list, separators) == len && !memcmp(list, path, len);
}

int shim_prepend(const char *path)
{
	const char *old = getenv("LD_PRELOAD");
	char *value;
	int ret;

	if (strpbrk(path, separators)) {
		errno = EINVAL;
		return -1;
	}
	if (!old || !*old)
		return setenv("LD_PRELOAD", path, 1);
	if (is_first(old, path))
		return 0;
	if (asprintf(&value, "%s:%s", path, old) < 0)
		return -1;
	ret = setenv("LD_PRELOAD", value, 1);
	free(value);
	return ret;
}
