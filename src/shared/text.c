/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "printable.h"

enum { LINE = 5120 }; /* a path, and what is said of it */

/* One line whatever a user's argument has in it. */
static void put_line(FILE *out, const char *head, const char *format,
		     va_list args)
{
	char line[LINE], shown[LINE];

	vsnprintf(line, sizeof(line), format, args);
	fprintf(out, "%s%s\n", head,
		printable_copy(line, shown, sizeof(shown)));
}

void text_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_line(stderr, "clonexec: ", format, args);
	va_end(args);
}

int text_flush(const char *name)
{
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	text_error("cannot write to %s", name);
	return -1;
}

void text_line(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_line(stdout, "", format, args);
	va_end(args);
}

/* ---- Colour ----------------------------------------------------------- */

static int use_colour(FILE *out)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && no[0]) && term && strcmp(term, "dumb") &&
	       isatty(fileno(out));
}

const char *text_begin(FILE *out, enum text_colour colour)
{
	static const char *const codes[] = {
		[TEXT_PLAIN] = "",	   [TEXT_BOLD] = "\033[1m",
		[TEXT_DIM] = "\033[2m",	   [TEXT_GOOD] = "\033[32m",
		[TEXT_BAD] = "\033[1;31m",
	};

	return use_colour(out) ? codes[colour] : "";
}

const char *text_end(FILE *out, enum text_colour colour)
{
	return colour != TEXT_PLAIN && use_colour(out) ? "\033[0m" : "";
}

/* ---- Tables ----------------------------------------------------------- */

void text_table_begin(struct text_table *t, const char *align)
{
	t->align = align;
	t->cells = 0;
}

void text_cell(struct text_table *t, enum text_colour colour,
	       const char *format, ...)
{
	va_list args;

	if (t->cells == TEXT_ROWS * TEXT_COLUMNS)
		return;
	va_start(args, format);
	vsnprintf(t->cell[t->cells].text, TEXT_CELL, format, args);
	va_end(args);
	t->cell[t->cells++].colour = colour;
}

static int column_width(const struct text_table *t, int column, int columns)
{
	int i, width = 0;

	for (i = column; i < t->cells; i += columns) {
		int length = (int)strlen(t->cell[i].text);

		if (length > width)
			width = length;
	}
	return width;
}

void text_table_print(const struct text_table *t, FILE *out)
{
	int i, columns = (int)strlen(t->align);

	for (i = 0; i < t->cells; i++) {
		const char *text = t->cell[i].text;
		enum text_colour colour = t->cell[i].colour;
		int column = i % columns, last = column == columns - 1;
		int pad = column_width(t, column, columns) - (int)strlen(text);
		int right = t->align[column] == 'r';

		fprintf(out, "%*s%s%s%s", right ? pad : 0, "",
			text_begin(out, colour), text, text_end(out, colour));
		if (last)
			fputc('\n', out);
		else
			fprintf(out, "%*s", (right ? 0 : pad) + 2, "");
	}
}

/* ---- Progress --------------------------------------------------------- */

void text_progress_begin(struct text_progress *p, int wanted)
{
	const char *term = getenv("TERM");

	p->on = wanted && isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
	p->last = 0;
}

/* The last column is left free: some terminals go on in the next line. */
static int progress_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return 79;
	return size.ws_col < 200 ? size.ws_col - 1 : 199;
}

/* "[###...]  42 %  label": what does not fit is left out, the number last. */
static void draw_progress(double fraction, const char *label)
{
	enum { BAR = 30, LABEL = 30, NUMBER = 5 /* "100 %" */ };
	static const char full[] = "##############################";
	static const char none[] = "..............................";
	int width = progress_width(), bar = (width - NUMBER - 3) / 2, rest,
	    done;
	char text[16];

	bar = bar > BAR ? BAR : bar;
	fputc('\r', stderr);
	if (bar > 0) {
		done = (int)(fraction * bar);
		fprintf(stderr, "[%.*s%.*s] ", done, full, bar - done, none);
		width -= bar + 3;
	}
	snprintf(text, sizeof(text), "%3d %%", (int)(fraction * 100));
	fprintf(stderr, "%.*s", width > 0 ? width : 0, text);
	rest = width - NUMBER - 2;
	if (rest > 0)
		fprintf(stderr, "  %.*s", rest > LABEL ? LABEL : rest, label);
	fputs("\033[K", stderr);
	fflush(stderr);
}

void text_progress(struct text_progress *p, double fraction, const char *label)
{
	if (!p->on || clock_ns() - p->last < 100000000LL)
		return;
	p->last = clock_ns();
	draw_progress(fraction < 0 ? 0 : fraction > 1 ? 1 : fraction, label);
}

void text_progress_end(struct text_progress *p)
{
	if (p->on)
		fprintf(stderr, "\r\033[K");
	p->on = 0;
}
