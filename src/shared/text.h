/* SPDX-License-Identifier: MIT */
/*
 * What people read: tables on stdout, a progress bar and one-line errors on
 * stderr.  Colour only on a terminal, and not if NO_COLOR is set.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdio.h>

enum text_colour { TEXT_PLAIN, TEXT_BOLD, TEXT_DIM, TEXT_GOOD, TEXT_BAD };

/* "clonexec: " and the message, on one line of stderr. */
__attribute__((format(printf, 1, 2))) void text_error(const char *format, ...);

/* A line of stdout that has words of others in it. */
__attribute__((format(printf, 1, 2))) void text_line(const char *format, ...);

/* Whether all that was printed has come to stdout, which has this name; -1 and
   the line that says so if not. */
int text_flush(const char *name);

/* The escape sequence that begins a colour on this stream, or "". */
const char *text_begin(FILE *out, enum text_colour colour);
const char *text_end(FILE *out, enum text_colour colour);

/* ---- Tables: cell by cell, row by row, printed when all is known ------- */

enum { TEXT_COLUMNS = 8, TEXT_ROWS = 40, TEXT_CELL = 40 };

struct text_table {
	const char *align; /* one of l and r a column */
	int cells;
	struct {
		char text[TEXT_CELL];
		enum text_colour colour;
	} cell[TEXT_ROWS * TEXT_COLUMNS];
};

void text_table_begin(struct text_table *t, const char *align);
/* Text that is too long is cut, and so are rows without end. */
__attribute__((format(printf, 3, 4))) void text_cell(struct text_table *t,
						     enum text_colour colour,
						     const char *format, ...);
void text_table_print(const struct text_table *t, FILE *out);

/* ---- The progress bar: only if stderr is a terminal ------------------- */

struct text_progress {
	int on;
	long long last; /* when it was drawn, ns */
};

void text_progress_begin(struct text_progress *p, int wanted);
/* May be called as often as you like: it draws ten times a second. */
void text_progress(struct text_progress *p, double fraction, const char *label);
void text_progress_end(struct text_progress *p);

#endif
