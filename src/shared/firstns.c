/* SPDX-License-Identifier: MIT */
#include "firstns.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int firstns_is_ours(const char *kind, unsigned int number)
{
	char path[64], name[64], first[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/ns/%s", kind);
	snprintf(first, sizeof(first), "%s:[%u]", kind, number);
	n = readlink(path, name, sizeof(name) - 1);
	if (n < 0)
		return -1;
	name[n] = '\0';
	return !strcmp(name, first);
}
