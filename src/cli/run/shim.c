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

static int missing(const char *path, char *why, size_t size)
{
	snprintf(why, size, "the shim was not found: %s", path);
	return -1;
}

/* In an installed tree, which may have moved; then where it was installed. */
static int find_installed(char path[PATH_MAX], char *why, size_t size)
{
	static const char *const places[] = {
		CLI_LIBDIR_FROM_BIN "/" SHIM_NAME, "../lib/" SHIM_NAME,
		CLI_LIBDIR "/" SHIM_NAME,
	};
	int refused = 0, error;
	struct beside b;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		error = beside_find(places[i], &b);
		if (!error) {
			strcpy(path, b.path);
			return 0;
		}
		if (error == -EPERM && !refused)
			snprintf(why, size, "the shim beside this command is "
				 "not trusted: %s", b.why);
		refused |= error == -EPERM;
	}
	return refused ? -1 : missing(CLI_LIBDIR "/" SHIM_NAME, why, size);
}

static int find_built(char path[PATH_MAX], char *why, size_t size)
{
	struct beside b;

	if (beside_find_built("../preload/" SHIM_NAME, &b))
		return missing("../preload/" SHIM_NAME, why, size);
	strcpy(path, b.path);
	return 0;
}

int shim_find(char path[PATH_MAX], char *why, size_t size)
{
	const char *given = getenv("CLONEXEC_PRELOAD");

	/* Absolute, because children change their directory. */
	if (given && *given)
		return beside_resolve(given, path) ? missing(given, why, size)
						   : 0;
	return beside_is_built() ? find_built(path, why, size)
				 : find_installed(path, why, size);
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
