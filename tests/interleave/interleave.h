/* SPDX-License-Identifier: MIT */
/*
 * An exhaustive scheduler: runs C code as compiled under every order of its
 * shared steps.
 *
 * Threads are coroutines; each stops before every step on shared memory and
 * every futex call (interleave_step()).  Where it could go on in several ways
 * all of them are tried, by going back to a copy of all memory that counts:
 * stacks, shared words, bookkeeping.  A state that was seen before (by a
 * 64-bit hash of the same memory) is not gone into again.  So the search
 * ends, and loops without end are no trouble.  It knows sequential
 * consistency only; tests/litmus is about the rest.
 *
 * The code has to be compiled without optimisation: then all that a
 * coroutine knows is on its stack and not in registers.
 */
#ifndef INTERLEAVE_H
#define INTERLEAVE_H

#include <stddef.h>
#include <stdint.h>

enum { INTERLEAVE_MAX = 5 };

struct interleave {
	const char *name;
	void (*threads[INTERLEAVE_MAX])(void);
	/* A handler that interrupts thread `handled`, once, at any moment. */
	void (*handler)(void);
	int handled;
	int timeouts;		/* any wait may end in vain, at any time */
	/* Called when all are done; 0 is well. */
	const char *(*end)(void);
};

/* Memory that belongs to the state; before a run.  Thread-local memory has a
   copy for each thread, and handlers have their thread's. */
void interleave_shared(void *memory, size_t size);
void interleave_local(void *memory, size_t size);

/* 0: every order is well.  Says what it saw, and the order that was not.
   states_max is a power of two, of 8 bytes each. */
int interleave_run(const struct interleave *what, unsigned long states_max,
		   unsigned long *states);

/* ---- From the code under test ---- */

void interleave_step(void);
/* 0, or 1 if it ended in vain; a `brief` wait may always do so. */
int interleave_wait(uint32_t *word, uint32_t value, uint32_t channel,
		    int brief);
void interleave_wake(uint32_t *word, int count, uint32_t channel);
/* Whether this thread may be interrupted; returns what it was. */
int interleave_block(int blocked);
/* Ends the search. */
void interleave_fail(const char *why);
/* From 0: the thread, also in its handler. */
int interleave_thread(void);
/* Whether a wait of anybody has ended in vain. */
int interleave_was_in_vain(void);
/* In a handler: called before its first step. */
void interleave_on_signal(void (*fn)(int thread));

#endif
