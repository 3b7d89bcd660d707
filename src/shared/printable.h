/* SPDX-License-Identifier: MIT */
/*
 * Text that others wrote: names of threads, files, arguments.  A terminal
 * obeys what is in it: besides the control characters of ASCII those of
 * U+0080 to U+009F (U+009B begins an escape sequence), as UTF-8 or as raw
 * bytes, and the characters that turn the direction of a line around.  So
 * whatever is shown, as text, JSON or HTML, goes through printable_next().
 */
#ifndef PRINTABLE_H
#define PRINTABLE_H

#include <stddef.h>

struct printable {
	size_t length;	   /* in bytes; 0 at the end of the string */
	unsigned int code; /* U+FFFD for a byte that is not UTF-8 */
	int is_safe;	   /* to show as it is; else the code stands for it */
};

/* The character at the beginning of the string. */
struct printable printable_next(const char *text);

/*
 * A copy for a terminal, cut to its size: '?' for what is not safe, and for
 * all that is not ASCII where the locale's characters are not UTF-8, for
 * there the same bytes may mean something else.  Returns it.
 */
const char *printable_copy(const char *text, char *copy, size_t size);

#endif
