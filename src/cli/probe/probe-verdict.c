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

/* ---- Plain execve ----------------------------------------------------- */

enum probe_answer probe_privileges(const struct probe_sum *plain)
{
	if (plain->lost || plain->frozen_lost)
		return PROBE_YES;
	return plain->frozen && !plain->untold ? PROBE_NO : PROBE_UNKNOWN;
}

enum probe_answer probe_eagain(const struct probe_sum *plain)
{
	if (plain->refused || plain->eagain)
		return PROBE_YES;
	return plain->creations ? PROBE_NO : PROBE_UNKNOWN;
}

/* Two witnesses, so that a race that did not freeze cannot pass for a fix. */
static void say_kept(const struct probe_sum *plain, struct probe_sentence *to)
{
	enum probe_answer eagain = probe_eagain(plain);
	char text[128];

	kept(plain, text);
	if (eagain == PROBE_NO)
		say(to, TEXT_GOOD, "Fixed kernel: nothing to lose:",
		    " plain execve %s, and no thread creation failed.", text);
	else if (eagain == PROBE_YES)
		say(to, TEXT_BAD, "Half of the bug is here:",
		    " plain execve %s, but thread creations fail.", text);
	else
		say(to, TEXT_GOOD,
		    "No privileges are lost here:", " plain execve %s.", text);
}

/* Nothing was frozen, so what was kept was kept by luck. */
static void say_unknown(const struct probe_sum *plain,
			struct probe_sentence *to)
{
	enum probe_answer eagain = probe_eagain(plain);
	char text[128];

	if (eagain == PROBE_YES)
		say(to, TEXT_BAD, "This kernel is affected:",
		    " thread creations fail beside plain execve.");
	else if (eagain == PROBE_NO)
		say(to, TEXT_BOLD, "Thread creations are safe here:",
		    " whether privileges are lost could not be told.");
	else if (plain->runs)
		say(to, TEXT_BOLD,
		    "No loss seen:", " plain execve %s, which proves nothing.",
		    kept(plain, text));
	else
		say(to, TEXT_BOLD, "Plain execve was not tried.", "%s", "");
}

/* Whether the kernel is affected is not seen then. */
static void say_mended(const struct probe_sum *plain, struct probe_sentence *to)
{
	char text[128];

	if (plain->frozen || plain->runs)
		say(to, TEXT_GOOD, "Under the guard", " plain execve %s.",
		    kept(plain, text));
	else
		say_unknown(plain, to);
}

static void say_plain(const struct probe *p, const struct probe_sum *plain,
		      struct probe_sentence *to)
{
	enum probe_answer lost_any = probe_privileges(plain);
	char text[128];

	if (lost_any != PROBE_YES && probe_is_mended(p)) {
		say_mended(plain, to);
		return;
	}
	switch (lost_any) {
	case PROBE_YES:
		say(to, TEXT_BAD,
		    "This kernel is affected:", " plain execve %s.",
		    lost(plain, text));
		break;
	case PROBE_NO:
		say_kept(plain, to);
		break;
	default:
		say_unknown(plain, to);
	}
}

/* ---- Under clonexec --------------------------------------------------- */

/* 0 if there is nothing to say. */
static int say_under(const struct probe_sum *under, struct probe_sentence *to)
{
	int bad = under->eagain || under->refused;
	char text[128];

	if (under->lost || under->frozen_lost)
		say(to, TEXT_BAD, "clonexec does not protect here:", " it %s.",
		    lost(under, text));
	else if (under->frozen || under->runs)
		say(to, bad ? TEXT_BOLD : TEXT_GOOD, "Under clonexec",
		    " exec %s.", kept(under, text));
	else if (under->refused)
		say(to, TEXT_BAD, "clonexec does not protect here:",
		    " thread creations fail beside it.");
	else if (under->creations)
		say(to, TEXT_GOOD, "Under clonexec", " none fails.");
	else if (!under->tested && !under->untold)
		say(to, TEXT_BOLD, "clonexec was not tried.", "%s", "");
	else
		return 0;
	return 1;
}

/* ---- Thread creations ------------------------------------------------- */

/* "plain execve 50 of 50" */
static int count_refused(const struct probe_sum *s, const char *what,
			 char *text, size_t size)
{
	if (!s->creations)
		return 0;
	return snprintf(text, size, "%s %d of %d", what, s->refused,
			s->creations);
}

static int say_creations(const struct probe_sum *plain,
			 const struct probe_sum *under,
			 struct probe_sentence *to)
{
	char text[128];
	int n = count_refused(plain, "plain execve", text, sizeof(text));

	if (!plain->creations && !under->creations)
		return 0;
	if (plain->creations && under->creations)
		n += snprintf(text + n, sizeof(text) - (size_t)n, ", ");
	count_refused(under, "clonexec", text + n, sizeof(text) - (size_t)n);
	say(to, TEXT_PLAIN, "",
	    "Thread creations refused (EAGAIN) beside a stopped exec: %s.",
	    text);
	return 1;
}

static int say_guard(const struct probe *p, struct probe_sentence *to)
{
	if (p->guarded)
		say(to, TEXT_BOLD,
		    "The guard is on:", " mode %s%s (clonexec guard status).",
		    guardstate_mode(&p->guard),
		    p->guard.cgroup_id ? ", for one cgroup" : "");
	return p->guarded;
}

static int say_interrupted(const struct probe *p, struct probe_sentence *to)
{
	if (p->interrupted)
		say(to, TEXT_BOLD,
		    "Interrupted:", " this is what is known so far.");
	return p->interrupted;
}

int probe_verdict(const struct probe *p,
		  struct probe_sentence sentence[PROBE_SENTENCES])
{
	struct probe_sum plain, under;
	char text[128];
	int n = 0;

	probe_add_up(p, 0, &plain);
	probe_add_up(p, 1, &under);
	if (!plain.tested && !under.tested && !plain.untold && !under.untold &&
	    !plain.creations && !under.creations) {
		say(&sentence[0], TEXT_BOLD, "Nothing could be tested.", "%s",
		    "");
		return 1 + say_interrupted(p, &sentence[1]);
	}
	say_plain(p, &plain, &sentence[n++]);
	n += say_guard(p, &sentence[n]);
	n += say_under(&under, &sentence[n]);
	n += say_creations(&plain, &under, &sentence[n]);
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
	return n + say_interrupted(p, &sentence[n]);
}
