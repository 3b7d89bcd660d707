/* SPDX-License-Identifier: MIT */
#include "search.h"

#include <errno.h>
#include <limits.h>

const struct cx_search_rules cx_search_glibc = { "/bin:/usr/bin", 1, 1 };
const struct cx_search_rules cx_search_musl = { "/usr/local/bin:/bin:/usr/bin",
						0, 0 };

static size_t length(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

int cx_search_start(struct cx_search *s, const char *file, const char *path)
{
	size_t n = length(file, NAME_MAX + 1);

	if (n == 0)
		return -ENOENT;
	if (n > NAME_MAX)
		return -ENAMETOOLONG;
	s->file = file;
	s->file_size = n + 1;
	s->rest = path;
	s->element_size = length(path, PATH_MAX - 1) + 1;
	return (int)(s->element_size + s->file_size);
}

int cx_search_next(struct cx_search *s, char *buf)
{
	const char *element;
	size_t i, n;

	while (s->rest) {
		element = s->rest;
		for (n = 0; element[n] && element[n] != ':'; n++)
			;
		s->rest = element[n] ? element + n + 1 : NULL;
		if (n >= s->element_size)
			continue;
		for (i = 0; i < n; i++)
			buf[i] = element[i];
		/* An empty element is the working directory. */
		if (n > 0)
			buf[n++] = '/';
		for (i = 0; i < s->file_size; i++)
			buf[n + i] = s->file[i];
		return 1;
	}
	return 0;
}

int cx_search_goes_on(const struct cx_search_rules *rules, int error)
{
	switch (-error) {
	case EACCES:
	case ENOENT:
	case ENOTDIR:
		return 1;
	case ESTALE:
	case ENODEV:
	case ETIMEDOUT:
		return rules->skips_stale;
	default:
		return 0;
	}
}
