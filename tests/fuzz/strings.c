/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <string.h>

char **fuzz_strings(const uint8_t *data, size_t size, const char *first,
		    size_t *count)
{
	char **strings = calloc(size + 3, sizeof *strings);
	size_t n = 0, length;

	fuzz_check(strings != NULL);
	if (first)
		strings[n++] = strdup(first);
	for (; size > 0; data += length, size -= length) {
		length = strnlen((const char *)data, size);
		strings[n++] = strndup((const char *)data, length);
		length += length < size;
	}
	*count = n;
	return strings;
}

void fuzz_strings_free(char **strings)
{
	char **s;

	for (s = strings; *s; s++)
		free(*s);
	free(strings);
}
