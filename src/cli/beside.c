/* SPDX-License-Identifier: MIT */
#include "beside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int beside_resolve(const char *candidate, char path[PATH_MAX])
{
	char *real = realpath(candidate, NULL);
	int fits = real && strlen(real) < PATH_MAX;

	if (fits)
		strcpy(path, real);
	free(real);
	return fits ? 0 : -1;
}

int beside_command(const char *rel, char path[PATH_MAX])
{
	char self[PATH_MAX], candidate[PATH_MAX + 128];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n <= 0)
		return -1;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return -1;
	*slash = '\0';
	n = snprintf(candidate, sizeof(candidate), "%s/%s", self, rel);
	if (n < 0 || (size_t)n >= sizeof(candidate))
		return -1;
	return beside_resolve(candidate, path);
}
