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

const char *path_join(const struct event_names *names, char text[PATH_TEXT])
{
	unsigned int end = names->bytes, begin;
	int used = 0;

	if (!end || end > sizeof(names->text) || names->text[end - 1])
		return NULL;
	if (!names->whole)
		used = snprintf(text, PATH_TEXT, "...");
	while (end > 0) {
		begin = begin_of(names->text, end);
		used += snprintf(text + used, (size_t)(PATH_TEXT - used), "/%s",
				 names->text + begin);
		end = begin;
	}
	return text;
}
