/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <math.h>

void json_begin(struct json *j, FILE *out)
{
	j->out = out;
	j->one_line = 0;
	j->depth = 0;
	j->used[0] = 0;
}

void json_begin_line(struct json *j, FILE *out)
{
	json_begin(j, out);
	j->one_line = 1;
}

/* ---- Strings ---------------------------------------------------------- */

/* How many bytes this character takes; 0 if it is none in UTF-8. */
static int utf8_length(const unsigned char *p)
{
	int i, length;
	unsigned int code;

	if (p[0] < 0x80)
		return 1;
	length = p[0] >= 0xc2 && p[0] < 0xe0 ? 2
	       : (p[0] & 0xf0) == 0xe0	     ? 3
	       : p[0] >= 0xf0 && p[0] < 0xf5 ? 4
					     : 0;
	if (!length)
		return 0;
	code = p[0] & (0xffu >> (length + 1));
	for (i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3fu);
	}
	/* Longer than need be, a surrogate, or past the last one. */
	if ((length == 3 && code < 0x800) || (length == 4 && code < 0x10000) ||
	    (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
		return 0;
	return length;
}

static void put_string(FILE *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	fputc('"', out);
	while (*p) {
		int length = utf8_length(p);

		if (!length) {
			fputs("\\ufffd", out);
			p++;
			continue;
		}
		if (*p == '"' || *p == '\\')
			fprintf(out, "\\%c", *p);
		else if (*p < ' ' || *p == 127)
			fprintf(out, "\\u%04x", *p);
		else
			fwrite(p, 1, (size_t)length, out);
		p += length;
	}
	fputc('"', out);
}

/* ---- Structure -------------------------------------------------------- */

/* A line each for the outer levels, which keeps a row of figures together. */
static void new_line(struct json *j)
{
	if (!j->one_line && j->depth > 0 && j->depth <= 2)
		fprintf(j->out, "\n%*s", 2 * j->depth, "");
	else if ((j->one_line || j->depth > 2) && j->used[j->depth])
		fputc(' ', j->out);
}

static void member(struct json *j, const char *key)
{
	if (j->used[j->depth])
		fputc(',', j->out);
	new_line(j);
	j->used[j->depth] = 1;
	if (!key)
		return;
	put_string(j->out, key);
	fputs(": ", j->out);
}

static void open_level(struct json *j, const char *key, const char *pair)
{
	member(j, key);
	fputc(pair[0], j->out);
	if (j->depth < JSON_DEPTH)
		j->depth++;
	j->used[j->depth] = 0;
	j->closing[j->depth] = pair[1];
}

void json_object(struct json *j, const char *key)
{
	open_level(j, key, "{}");
}

void json_array(struct json *j, const char *key)
{
	open_level(j, key, "[]");
}

void json_close(struct json *j)
{
	char closing = j->closing[j->depth];
	int used = j->used[j->depth];

	j->depth--;
	if (used && j->depth < 2 && !j->one_line)
		fprintf(j->out, "\n%*s", 2 * j->depth, "");
	fputc(closing, j->out);
}

void json_end(struct json *j)
{
	fputc('\n', j->out);
}

/* ---- Values ----------------------------------------------------------- */

void json_string(struct json *j, const char *key, const char *value)
{
	member(j, key);
	if (value)
		put_string(j->out, value);
	else
		fputs("null", j->out);
}

void json_integer(struct json *j, const char *key, long long value)
{
	member(j, key);
	fprintf(j->out, "%lld", value);
}

void json_real(struct json *j, const char *key, double value)
{
	member(j, key);
	if (isfinite(value))
		fprintf(j->out, "%.9g", value);
	else
		fputs("null", j->out);
}

void json_boolean(struct json *j, const char *key, int value)
{
	member(j, key);
	fputs(value ? "true" : "false", j->out);
}
