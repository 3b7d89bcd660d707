/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON as it goes: no tree, no allocation.  Keys are given inside
 * objects and NULL inside arrays.
 */
#ifndef JSON_H
#define JSON_H

#include <stdio.h>

enum { JSON_DEPTH = 16 };

struct json {
	FILE *out;
	int one_line;
	int depth;
	int used[JSON_DEPTH + 1];     /* has the level a member yet? */
	char closing[JSON_DEPTH + 1]; /* what ends it */
};

void json_begin(struct json *j, FILE *out);
/* All of it on one line, for a stream of objects. */
void json_begin_line(struct json *j, FILE *out);
void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_close(struct json *j); /* the innermost object or array */

/* NULL is written as null; what is not UTF-8 as U+FFFD, and what printable.h
   does not let through by its number. */
void json_string(struct json *j, const char *key, const char *value);
/* The same, and an empty one as null. */
void json_text(struct json *j, const char *key, const char *value);
void json_integer(struct json *j, const char *key, long long value);
/* Infinity and NaN, which JSON lacks, as null. */
void json_real(struct json *j, const char *key, double value);
void json_boolean(struct json *j, const char *key, int value);

/* Ends the line. */
void json_end(struct json *j);

#endif
