/* SPDX-License-Identifier: MIT */
#include "probe-verdict.h"

#include <stdarg.h>
#include <stdio.h>

/* "lost privileges in 4 of 4 frozen races and in 49 of 1200 runs" */
static const char *lost(const struct probe_sum *s, char text[128])
{
	int n = snprintf(text, 128, "lost privileges in ");

	if (s->frozen == 1 && s->frozen_lost)
		n += snprintf(text + n, 128 - (size_t)n, "the frozen race");
	else if (s->frozen)
		n += snprintf(text + n, 128 - (size_t)n,
			      "%d of %d frozen races", s->frozen_lost,
			      s->frozen);
	if (s->runs)
		snprintf(text + n, 128 - (size_t)n, "%s%ld of %ld runs",
			 s->frozen ? " and in " : "", s->lost, s->runs);
	return text;
}

static const char *kept(const struct probe_sum *s, char text[128])
{
	int n = snprintf(text, 128, "kept privileges in ");

	if (s->frozen == 1)
		n += snprintf(text + n, 128 - (size_t)n, "the frozen race");
	else if (s->frozen)
		n += snprintf(text + n, 128 - (size_t)n, "all %d frozen races",
			      s->frozen);
	if (s->runs)
		snprintf(text + n, 128 - (size_t)n, "%sall %ld runs",
			 s->frozen ? " and in " : "", s->runs);
	return text;
}

__attribute__((format(printf, 4, 5))) static void say(struct probe_sentence *to,
						      enum text_colour colour,
						      const char *head,
						      const char *format, ...)
{
	va_list args;

	to->colour = colour;
	snprintf(to->head, sizeof(to->head), "%s", head);
	va_start(args, format);
	vsnprintf(to->rest, sizeof(to->rest), format, args);
	va_end(args);
}

static void say_plain(const struct probe_sum *plain, struct probe_sentence *to)
{
	char text[128];

	if (!plain->tested)
		say(to, TEXT_BOLD, "Plain execve was not tried.", "%s", "");
	else if (plain->lost || plain->frozen_lost)
		say(to, TEXT_BAD,
		    "This kernel is affected:", " plain execve %s.",
		    lost(plain, text));
	else if (plain->frozen)
		say(to, TEXT_GOOD,
		    "This kernel is not affected:", " plain execve %s.",
		    kept(plain, text));
	else
		say(to, TEXT_BOLD,
		    "No loss seen:", " plain execve %s, which proves nothing.",
		    kept(plain, text));
}

/* 0 if there is nothing to say. */
static int say_under(const struct probe_sum *under, struct probe_sentence *to)
{
	char text[128];

	if (!under->tested)
		say(to, TEXT_BOLD, "clonexec was not tried.", "%s", "");
	else if (under->lost || under->frozen_lost)
		say(to, TEXT_BAD, "clonexec does not protect here:", " it %s.",
		    lost(under, text));
	else if (under->frozen || under->runs)
		say(to, under->eagain ? TEXT_BOLD : TEXT_GOOD, "Under clonexec",
		    " exec %s.", kept(under, text));
	else
		return 0;
	return 1;
}

int probe_verdict(const struct probe *p,
		  struct probe_sentence sentence[PROBE_SENTENCES])
{
	struct probe_sum plain, under;
	char text[128];
	int n = 0;

	probe_add_up(p, 0, &plain);
	probe_add_up(p, 1, &under);
	if (!plain.tested && !under.tested && !plain.untold && !under.untold) {
		say(&sentence[0], TEXT_BOLD, "Nothing could be tested.", "%s",
		    "");
		return 1;
	}
	say_plain(&plain, &sentence[n++]);
	n += say_under(&under, &sentence[n]);
	if (plain.runs || under.runs)
		say(&sentence[n++], TEXT_PLAIN, "",
		    "Thread creation failed with EAGAIN %llu times beside "
		    "plain execve, %llu beside clonexec.",
		    plain.eagain, under.eagain);
	if (plain.untold || under.untold)
		say(&sentence[n++], TEXT_BOLD, "Too busy to tell:",
		    " %d of %d frozen races were not let run.",
		    plain.untold + under.untold, plain.asked + under.asked);
	if (plain.broken || under.broken) {
		snprintf(text, sizeof(text),
			 "%d runs did not end as they should.",
			 plain.broken + under.broken);
		say(&sentence[n++], TEXT_BAD, text, "%s", "");
	}
	return n;
}
