/* SPDX-License-Identifier: MIT */
#include "debug.h"

#include <stddef.h>

#include "arguments.h"
#include "debugfile.h"
#include "strategynames.h"
#include "sys.h"

/* One write for a line, so that lines of several threads do not mix. */
struct line {
	char text[256];
	size_t len;
};

static void put_text(struct line *l, const char *s)
{
	/* One byte stays free for the newline. */
	while (*s && l->len < sizeof(l->text) - 1)
		l->text[l->len++] = *s++;
}

static void put_number(struct line *l, int n)
{
	char digits[16], *d = digits + sizeof(digits);
	unsigned int rest = n < 0 ? -(unsigned int)n : (unsigned int)n;

	*--d = '\0';
	do
		*--d = (char)('0' + rest % 10);
	while (rest /= 10);
	if (n < 0)
		*--d = '-';
	put_text(l, d);
}

static void begin(struct line *l)
{
	l->len = 0;
	put_text(l, "clonexec: ");
	put_number(l, sys_getpid());
	put_text(l, ": ");
}

static void end_line(struct line *l)
{
	l->text[l->len++] = '\n';
	debugfile_write(l->text, l->len);
}

/* What the program said: perhaps nothing that can be read, and perhaps not for
   a terminal. */
static void put_foreign(struct line *l, const char *s)
{
	char text[sizeof l->text];
	size_t i;

	if (cx_arguments_copy(text, sizeof text, s) < 0)
		put_text(l, "(a bad pointer)");
	for (i = 0; text[i]; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = '?';
	put_text(l, text);
}

static void put_file(struct line *l, const struct cx_attempt *a)
{
	put_text(l, "exec ");
	if (a->is_at && (a->flags & AT_EMPTY_PATH)) {
		put_text(l, "descriptor ");
		put_number(l, a->dirfd);
	} else {
		put_foreign(l, a->file);
	}
	put_text(l, ": ");
}

static const char *means_text(enum exec_means means)
{
	switch (means) {
	case EXEC_ALONE:
		return "plain (there is no other thread)";
	case EXEC_MAYBE_VFORK:
		return "private fs, no lock (the memory may be a parent's)";
	case EXEC_DOOMED:
		return "failed, as foreseen";
	case EXEC_UNSHARE:
		return strategy_name(CX_UNSHARE);
	case EXEC_HELPER:
		return strategy_name(CX_HELPER);
	case EXEC_LOCK:
		return "lock only";
	}
	return "";
}

static const char *reason_text(enum cx_reason reason)
{
	switch (reason) {
	case CX_REASON_FIRST_CHOICE:
		return "";
	case CX_REASON_UNSHARE_REFUSED:
		return " (unshare is refused here)";
	case CX_REASON_HELPER_REFUSED:
		return " (there can be no helper here)";
	}
	return "";
}

void debug_exec(const struct cx_attempt *a, enum exec_means means)
{
	struct line l;

	begin(&l);
	put_file(&l, a);
	put_text(&l, means_text(means));
	put_text(&l, reason_text(a->reason));
	if (means == EXEC_HELPER && a->is_inexact)
		put_text(&l, " (this thread has children or tracees: see "
			     "clonexec(7))");
	end_line(&l);
}

void debug_handed_on(const struct cx_attempt *a)
{
	struct line l;

	begin(&l);
	put_file(&l, a);
	put_text(&l, "handed on to another preload that wraps exec");
	end_line(&l);
}

void debug_unknown_strategy(const char *value)
{
	struct line l;

	begin(&l);
	put_text(&l, "CLONEXEC_STRATEGY has no meaning: ");
	put_foreign(&l, value);
	end_line(&l);
}
