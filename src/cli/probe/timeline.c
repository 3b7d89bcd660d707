/* SPDX-License-Identifier: MIT */
#include "timeline.h"

#include <stdarg.h>
#include <string.h>

struct builder {
	struct timeline *t;
	long long zero; /* ns */
};

static double since(const struct builder *b, long long ns)
{
	return (double)(ns - b->zero) / 1000;
}

/* In its place by time; what was never seen (0) is left out. */
__attribute__((format(printf, 4, 5))) static void mark(struct builder *b,
						       long long ns,
						       enum timeline_lane lane,
						       const char *format, ...)
{
	struct timeline *t = b->t;
	double us = since(b, ns);
	va_list args;
	int i;

	if (!ns || t->marks == TIMELINE_MARKS)
		return;
	for (i = t->marks++; i > 0 && t->mark[i - 1].us > us; i--)
		t->mark[i] = t->mark[i - 1];
	t->mark[i].us = us;
	t->mark[i].lane = lane;
	va_start(args, format);
	vsnprintf(t->mark[i].text, sizeof(t->mark[i].text), format, args);
	va_end(args);
}

static void step(struct builder *b, double us, int users, int threads)
{
	struct timeline *t = b->t;

	if (t->steps == TIMELINE_STEPS)
		return;
	t->step[t->steps].us = us;
	t->step[t->steps].users = users;
	t->step[t->steps++].threads = threads;
}

static const char *outcome(enum target_verdict verdict)
{
	return verdict == TARGET_LOST ? "without its privileges" :
					"with its privileges";
}

static void put_marks(struct builder *b, const struct race_result *r,
		      const struct timeline_kernel *k)
{
	mark(b, r->creation, TIMELINE_CLONE, "thread %d calls clone",
	     r->creator);
	mark(b, r->frozen, TIMELINE_CLONE, "frozen: a user, not yet a thread");
	mark(b, r->exec, TIMELINE_EXEC, "thread %d calls execve", r->pid);
	if (k) {
		mark(b, k->prepare, TIMELINE_EXEC,
		     "judged: %d users, %d threads; others are killed",
		     k->users, k->threads);
		mark(b, k->creation, TIMELINE_CLONE, "%s",
		     k->completed ? "the new thread is linked in" :
				    "the clone is cut off by the exec");
		mark(b, k->exec, TIMELINE_EXEC, "the new program starts %s",
		     outcome(r->verdict));
	}
	/* Nobody but the kernel sees the start itself. */
	if (!k || !k->exec)
		mark(b, r->said, TIMELINE_EXEC, "the new program runs %s",
		     outcome(r->verdict));
}

/*
 * What is known: two threads in a frozen race.  In one that was caught only
 * the kernel can tell; a creation that completed before it was asked had
 * been one thread less.
 */
static void put_steps(struct builder *b, const struct race_result *r,
		      const struct timeline_kernel *k)
{
	struct timeline *t = b->t;
	int threads = k ? k->threads : 2, users = k ? k->users : 3;
	double begin = t->window_from, end = t->window_to;

	if (!threads || (!k && !r->frozen))
		return;
	if (k && k->completed && k->creation < k->prepare) {
		step(b, 0, threads - 1, threads - 1);
		step(b, begin, threads, threads - 1);
		step(b, end, threads, threads);
	} else {
		step(b, 0, threads, threads);
		step(b, begin, users > threads ? users : threads + 1, threads);
		if (k && k->completed)
			step(b, end, threads + 1, threads + 1);
	}
	/* One that was cut off had been waited for: then all are gone. */
	step(b, k && k->completed ? since(b, k->exec) : end, 1, 1);
}

void timeline_build(struct timeline *t, const struct race *race,
		    const struct race_result *r,
		    const struct timeline_kernel *k)
{
	struct builder b = { .t = t };

	t->made = 1;
	t->frozen = race->creators == RACE_FROZEN;
	t->by_kernel = k != NULL;
	t->kind = race->kind;
	t->verdict = r->verdict;
	t->pid = r->pid;
	t->creator = r->creator;
	b.zero = r->creation && r->creation < r->exec ? r->creation : r->exec;
	put_marks(&b, r, k);
	/* What the new program does is of no interest here. */
	t->end = t->marks ? t->mark[t->marks - 1].us : 0;
	if (t->end <= 0)
		t->end = 1;
	t->window_from = since(&b, r->frozen ? r->frozen : b.zero);
	t->window_to = k && k->creation ? since(&b, k->creation) :
		       k		? since(&b, k->exec) :
					  t->end;
	put_steps(&b, r, k);
}

double timeline_step(const struct timeline *t, int most)
{
	static const int round[] = { 1, 2, 5 };
	double power = 0.001;
	int i, digits;

	for (digits = -3; digits < 12; digits++, power *= 10)
		for (i = 0; i < 3; i++)
			if (t->end / (power * round[i]) <= most)
				return power * round[i];
	return t->end;
}

const char *timeline_title(const struct timeline *t, char text[128])
{
	snprintf(text, 128,
		 "The race, %s: plain execve of a %s program, "
		 "privileges %s",
		 t->frozen ? "frozen" : "caught", target_name(t->kind),
		 target_verdict_name(t->verdict));
	return text;
}
