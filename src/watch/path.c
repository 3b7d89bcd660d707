/* SPDX-License-Identifier: MIT */
#include "path.h"

#include <stdio.h>
#include <string.h>

/* Where the name that ends before `end` begins. */
static unsigned int begin_of(const char *names, unsigned int end)
{
	unsigned int i = end - 1;

	while (i > 0 && names[i - 1])
		i--;
	return i;
}

const char *path_join(const struct event *e, char text[PATH_TEXT])
{
	unsigned int end = e->path_bytes, begin;
	int used = 0;

	if (!end || end > sizeof(e->path) || e->path[end - 1])
		return NULL;
	if (!e->path_whole)
		used = snprintf(text, PATH_TEXT, "...");
	while (end > 0) {
		begin = begin_of(e->path, end);
		used += snprintf(text + used, (size_t)(PATH_TEXT - used), "/%s",
				 e->path + begin);
		end = begin;
	}
	return text;
}
