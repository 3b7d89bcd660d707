/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <string.h>

/*
 * This follows load_script() in fs/binfmt_script.c (Linux 5.1 to 7.3) step
 * by step, over the same zero-padded buffer, so that its corners are ours:
 * a NUL ends the search for the newline, a path that may have been cut off
 * is refused, an argument that was cut off is not.
 */
static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *next_non_blank(const char *first, const char *last)
{
	for (; first <= last; first++)
		if (!is_blank(*first))
			return first;
	return NULL;
}

static const char *next_terminator(const char *first, const char *last)
{
	for (; first <= last; first++)
		if (is_blank(*first) || !*first)
			return first;
	return NULL;
}

/* Where the line ends: a newline, or the buffer's end if nothing was cut. */
static const char *line_end(const char *line)
{
	const char *last = line + SCRIPT_LINE_MAX - 1;
	size_t len = strnlen(line, SCRIPT_LINE_MAX);
	const char *end = memchr(line, '\n', len);

	if (end)
		return end;
	end = next_non_blank(line + 2, last);
	if (!end || !next_terminator(end, last))
		return NULL;
	return last;
}

/* [from, to) up to a NUL, ended with one: as the kernel copies strings. */
static void copy(char *dst, const char *from, const char *to)
{
	size_t len = strnlen(from, (size_t)(to - from));

	memcpy(dst, from, len);
	dst[len] = '\0';
}

int script_parse(const unsigned char *buf, size_t len, struct script *out)
{
	char line[SCRIPT_LINE_MAX] = { 0 };
	const char *end, *name, *sep, *arg = NULL;

	memset(out, 0, sizeof(*out));
	if (len < 2 || buf[0] != '#' || buf[1] != '!')
		return -1;
	memcpy(line, buf, len < sizeof(line) ? len : sizeof(line));

	end = line_end(line);
	if (!end)
		return -1;
	while (is_blank(end[-1])) /* stops at the "!" */
		end--;
	name = next_non_blank(line + 2, end);
	if (!name || name == end)
		return -1;
	sep = next_terminator(name, end);
	if (sep && *sep)
		arg = next_non_blank(sep, end);

	copy(out->interp, name, sep && sep < end ? sep : end);
	if (arg) {
		out->has_arg = 1;
		copy(out->arg, arg, end);
	}
	return 0;
}
