/* SPDX-License-Identifier: MIT */
#include "libtoken.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long the token is that begins here; 0: none does.  $LIBRARY is none. */
static size_t token(const char *at)
{
	if (!strncmp(at, "${LIB}", 6))
		return 6;
	if (strncmp(at, "$LIB", 4))
		return 0;
	return isalnum((unsigned char)at[4]) || at[4] == '_' ? 0 : 4;
}

int libtoken_is_in(const char *path)
{
	for (; *path; path++)
		if (token(path))
			return 1;
	return 0;
}

/*
 * The loader was built with the name of its directory below /usr or its own
 * prefix, and it lies there: so the name begins where "lib" does.
 */
static const char *library_directory(char *loader)
{
	char *slash = strrchr(loader, '/'), *lib;

	if (!slash)
		return NULL;
	*slash = '\0';
	lib = strstr(loader, "/lib");
	return lib ? lib + 1 : NULL;
}

static int replace(const char *path, const char *lib, char expanded[PATH_MAX])
{
	size_t used = 0, length, skip;

	while (*path) {
		const char *piece = path;

		skip = token(path);
		length = 1;
		if (skip) {
			piece = lib;
			length = strlen(lib);
		}
		if (used + length >= PATH_MAX)
			return -1;
		memcpy(expanded + used, piece, length);
		used += length;
		path += skip ? skip : 1;
	}
	expanded[used] = '\0';
	return 0;
}

int libtoken_expand(const char *path, const char *loader,
		    char expanded[PATH_MAX])
{
	char *real = realpath(loader, NULL);
	const char *lib = real ? library_directory(real) : NULL;
	int ret = lib ? replace(path, lib, expanded) : -1;

	free(real);
	return ret;
}
