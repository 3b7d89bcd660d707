/* SPDX-License-Identifier: MIT */
#include "interleave.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "seen.h"

enum {
	STACK = 16384,
	AREAS = 8,
	SHARED_MAX = 512,	/* bytes of all areas together */
	DEPTH_MAX = 4000,
	SCRUB = 512,
};

enum stage { READY, ASLEEP, DONE, ABSENT };

struct coroutine {
	enum stage stage;
	uint32_t *word, channel;
	int brief, in_vain, blocked;
	unsigned int order;	/* among the sleepers */
	char *sp;
};

/* What a state is, except for the stacks. */
struct state {
	struct coroutine co[INTERLEAVE_MAX + 1];
	char shared[SHARED_MAX];
	char local[INTERLEAVE_MAX][64];
	int in_vain;
	unsigned int sleepers;
};

struct snapshot {
	struct state state;
	ucontext_t context[INTERLEAVE_MAX + 1];
	size_t used[INTERLEAVE_MAX + 1];
	char *stack[INTERLEAVE_MAX + 1];
};

static struct {
	void *start;
	size_t size;
} shared[AREAS], local[AREAS];
static int shared_count, local_count;

static struct state now;
static ucontext_t context[INTERLEAVE_MAX + 1], scheduler;
static char stack[INTERLEAVE_MAX + 1][STACK] __attribute__((aligned(64)));
static const struct interleave *what;
static int count;		/* of coroutines; the last may be a handler */
static int current;
static const char *failure;
static void (*on_signal)(int);

/* The order of steps so far, to be told if it is a bad one. */
static char trail[DEPTH_MAX + 1];
static int depth;

static int thread_of(int c)
{
	return what->handler && c == count - 1 ? what->handled : c;
}

/* ---- Coroutines ---- */

/* What old frames left behind would make equal states differ. */
static __attribute__((noinline)) void scrub(void)
{
	char bytes[SCRUB];

	memset(bytes, 0, sizeof bytes);
	__asm__ volatile("" ::"r"(bytes) : "memory");
}

static __attribute__((noinline)) void stop(void)
{
	char here;

	now.co[current].sp = &here - 128;
	scrub();
	swapcontext(&context[current], &scheduler);
}

void interleave_step(void)
{
	stop();
}

static void begin(void)
{
	int c = current;

	stop();
	if (what->handler && c == count - 1)
		what->handler();
	else
		what->threads[c]();
	now.co[current].stage = DONE;
	stop();
}

static void move_local(int thread, int out)
{
	char *p = now.local[thread];
	int i;

	for (i = 0; i < local_count; p += local[i].size, i++)
		if (out)
			memcpy(p, local[i].start, local[i].size);
		else
			memcpy(local[i].start, p, local[i].size);
}

/* Until its next stop. */
static void resume(int c)
{
	current = c;
	move_local(thread_of(c), 0);
	swapcontext(&scheduler, &context[c]);
	move_local(thread_of(c), 1);
}

/* ---- The calls of the code under test ---- */

int interleave_thread(void)
{
	return thread_of(current);
}

int interleave_block(int blocked)
{
	struct coroutine *co = &now.co[interleave_thread()];
	int was = co->blocked;

	co->blocked = blocked;
	return was;
}

int interleave_was_in_vain(void)
{
	return now.in_vain;
}

void interleave_fail(const char *why)
{
	if (!failure)
		failure = why;
}

void interleave_on_signal(void (*fn)(int thread))
{
	on_signal = fn;
}

int interleave_wait(uint32_t *word, uint32_t value, uint32_t channel,
		    int brief)
{
	struct coroutine *co;

	interleave_step();
	co = &now.co[current];
	if (*word != value)
		return 0;
	co->stage = ASLEEP;
	co->word = word;
	co->channel = channel;
	co->brief = brief;
	co->in_vain = 0;
	co->order = ++now.sleepers;
	stop();
	return now.co[current].in_vain;
}

static void wake(int c)
{
	struct coroutine *co = &now.co[c];
	int i;

	/* Ranks, not times: or no two states would be the same. */
	for (i = 0; i < count; i++)
		if (now.co[i].stage == ASLEEP && now.co[i].order > co->order)
			now.co[i].order--;
	now.sleepers--;
	co->stage = READY;
	co->word = NULL;
	co->channel = co->order = 0;
}

/* The first come first, as Linux does it. */
void interleave_wake(uint32_t *word, int wanted, uint32_t channel)
{
	unsigned int order;
	int i, found = 1;

	interleave_step();
	while (wanted-- > 0 && found) {
		found = 0;
		for (order = 1; order <= now.sleepers && !found; order++)
			for (i = 0; i < count && !found; i++)
				if (now.co[i].stage == ASLEEP &&
				    now.co[i].order == order &&
				    now.co[i].word == word &&
				    (now.co[i].channel & channel)) {
					wake(i);
					found = 1;
				}
	}
}

/* ---- States ---- */

static void move_shared(int out)
{
	char *p = now.shared;
	int i;

	for (i = 0; i < shared_count; p += shared[i].size, i++)
		if (out)
			memcpy(p, shared[i].start, shared[i].size);
		else
			memcpy(shared[i].start, p, shared[i].size);
}

static size_t stack_used(int c)
{
	if (now.co[c].stage == DONE || now.co[c].stage == ABSENT)
		return 0;
	return (size_t)(stack[c] + STACK - now.co[c].sp);
}

static void save(struct snapshot *s)
{
	int c;

	move_shared(1);
	s->state = now;
	for (c = 0; c < count; c++) {
		s->used[c] = stack_used(c);
		s->context[c] = context[c];
		s->stack[c] = malloc(s->used[c] + 1);
		memcpy(s->stack[c], stack[c] + STACK - s->used[c], s->used[c]);
	}
}

static void restore(const struct snapshot *s)
{
	int c;

	now = s->state;
	move_shared(0);
	for (c = 0; c < count; c++) {
		/* In place: it has pointers into itself. */
		memcpy(&context[c], &s->context[c], sizeof context[c]);
		memcpy(stack[c] + STACK - s->used[c], s->stack[c], s->used[c]);
	}
}

static void drop(struct snapshot *s)
{
	int c;

	for (c = 0; c < count; c++)
		free(s->stack[c]);
}

/* 1 if this state is new. */
static int note_state(void)
{
	uint64_t h = SEEN_BEGIN;
	int c, r;

	move_shared(1);
	h = seen_hash(h, &now, sizeof now);
	for (c = 0; c < count; c++)
		h = seen_hash(h, stack[c] + STACK - stack_used(c),
			      stack_used(c));
	r = seen_add(h);
	if (r < 0)
		interleave_fail("too many states for this search");
	return r > 0;
}

/* ---- The search ---- */

enum move { MOVE_ON, MOVE_IN_VAIN, MOVES };

/* A handler runs until it is done; until then its thread does nothing. */
static int handler_is_up(void)
{
	return what->handler && now.co[count - 1].stage != ABSENT &&
	       now.co[count - 1].stage != DONE;
}

static int can(int c, enum move m)
{
	const struct coroutine *co = &now.co[c];
	int is_handler = what->handler && c == count - 1;

	if (!is_handler && handler_is_up() && c == what->handled)
		return 0;
	if (m == MOVE_IN_VAIN)
		return co->stage == ASLEEP && (what->timeouts || co->brief);
	if (is_handler && co->stage == ABSENT)
		return now.co[what->handled].stage != DONE &&
		       !now.co[what->handled].blocked;
	return co->stage == READY;
}

static void go(int c, enum move m)
{
	struct coroutine *co = &now.co[c];

	if (m == MOVE_IN_VAIN) {
		if (!co->brief)
			now.in_vain = 1;
		wake(c);
		co->in_vain = !co->brief;
		return;
	}
	if (co->stage == ABSENT) {
		co->stage = READY;
		if (now.co[what->handled].stage == ASLEEP)
			wake(what->handled);
		if (on_signal)
			on_signal(what->handled);
		return;
	}
	resume(c);
}

static int all_done(void)
{
	int c, threads = what->handler ? count - 1 : count;

	for (c = 0; c < threads; c++)
		if (now.co[c].stage != DONE)
			return 0;
	return !handler_is_up();
}

static void explore(void)
{
	struct snapshot s;
	int c, m, moved = 0, is_moved = 0;

	if (failure || !note_state())
		return;
	if (depth == DEPTH_MAX) {
		interleave_fail("an order without end");
		return;
	}
	save(&s);
	for (c = 0; c < count && !failure; c++)
		for (m = 0; m < MOVES && !failure; m++) {
			if (is_moved)
				restore(&s);
			is_moved = can(c, m);
			if (!is_moved)
				continue;
			moved++;
			trail[depth++] = (char)((m ? 'a' : '0') + c);
			go(c, m);
			explore();
			if (!failure)
				depth--;
		}
	if (!failure && !moved) {
		const char *why = all_done() ? what->end() : "deadlock";

		if (why)
			interleave_fail(why);
	}
	drop(&s);
}

static void start(int c)
{
	now.co[c].stage = READY;
	memset(stack[c], 0, STACK);
	getcontext(&context[c]);
	context[c].uc_stack.ss_sp = stack[c];
	context[c].uc_stack.ss_size = STACK;
	context[c].uc_link = NULL;
	makecontext(&context[c], begin, 0);
	resume(c);
}

void interleave_shared(void *memory, size_t size)
{
	shared[shared_count].start = memory;
	shared[shared_count++].size = size;
}

void interleave_local(void *memory, size_t size)
{
	local[local_count].start = memory;
	local[local_count++].size = size;
}

int interleave_run(const struct interleave *w, unsigned long states_max,
		   unsigned long *states)
{
	int i;

	what = w;
	failure = NULL;
	depth = 0;
	if (seen_reset(states_max) < 0)
		return -1;
	memset(&now, 0, sizeof now);
	for (i = 0; i < shared_count; i++)
		memset(shared[i].start, 0, shared[i].size);
	for (count = 0; count < INTERLEAVE_MAX && w->threads[count]; count++)
		;
	count += w->handler != NULL;
	for (i = 0; i < count; i++)
		start(i);
	if (w->handler)
		now.co[count - 1].stage = ABSENT;
	explore();
	*states = seen_count();
	if (!failure)
		return 0;
	printf("# %s: %s\n# the order, by thread (a letter: its wait ends in "
	       "vain): %.*s\n", w->name, failure, depth, trail);
	return -1;
}
