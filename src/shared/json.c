/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <math.h>

#include "printable.h"

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

static void put_string(FILE *out, const char *text)
{
	struct printable c;

	fputc('"', out);
	for (; (c = printable_next(text)).length; text += c.length)
		if (!c.is_safe)
			fprintf(out, "\\u%04x", c.code);
		else if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else
			fwrite(text, 1, c.length, out);
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

void json_text(struct json *j, const char *key, const char *value)
{
	json_string(j, key, value && *value ? value : NULL);
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
