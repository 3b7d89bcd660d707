/* SPDX-License-Identifier: MIT */
/*
 * What the shared side costs a thread creation: instructions, counted one by
 * one.  Each form has as its control the same function without the lock.
 */
#include <clonexec.h>

#include "execlock.h"
#include "tap.h"
#include "traced.h"

/* Both forms: a call and a return are the control's too. */
enum { INSTRUCTIONS_MAX = 8, LOCKED = 2 };

/* Anything that the compiler must leave where it is. */
#define KEEP __attribute__((noinline))

static void warm_up(void)
{
	cx_before_clone();
	cx_after_clone();
	cx_execlock_enter(EXECLOCK_CREATIONS);
	cx_execlock_leave(EXECLOCK_CREATIONS);
}

/* As cx_pthread_create() has it, around a call. */
KEEP static void inlined(void)
{
	cx_execlock_enter(EXECLOCK_CREATIONS);
	traced_nothing();
	cx_execlock_leave(EXECLOCK_CREATIONS);
}

KEEP static void not_inlined(void)
{
	traced_nothing();
	__asm__ volatile("" ::: "memory");
}

/* As the hooks are used. */
KEEP static void called(void)
{
	cx_before_clone();
	cx_after_clone();
	__asm__ volatile("" ::: "memory");
}

KEEP static void not_called(void)
{
	traced_nothing();
	traced_nothing();
	__asm__ volatile("" ::: "memory");
}

/* A step too many would be counted: this one has ten of them, two locked. */
KEEP static void known(void)
{
#ifdef __x86_64__
	static int word;

	__asm__ volatile("nop\n nop\n nop\n nop\n nop\n nop\n nop\n nop\n"
			 "lock incl %0\n xchgl %%eax, %0"
			 : "+m"(word)
			 :
			 : "eax");
#endif
}

static struct traced beyond(void (*region)(void), void (*control)(void))
{
	struct traced t, base;

	traced_steps(warm_up, control, &base);
	traced_steps(warm_up, region, &t);
	t.instructions -= base.instructions;
	t.locked -= base.locked;
	return t;
}

static void counts_right(void)
{
	struct traced t = beyond(known, traced_nothing);

	check(t.instructions == 10 && t.locked == 2,
	      "%ld instructions, %ld locked", t.instructions, t.locked);
}

static void pair(void (*region)(void), void (*control)(void))
{
	struct traced t = beyond(region, control);

	tap_note("%ld instructions, %ld of them locked", t.instructions,
		 t.locked);
	check(t.instructions <= INSTRUCTIONS_MAX, "%ld instructions, not %d",
	      t.instructions, INSTRUCTIONS_MAX);
	check(t.instructions > LOCKED, "%ld instructions: is it there?",
	      t.instructions);
	check(t.locked == LOCKED, "%ld locked ones", t.locked);
}

static void pair_inlined(void)
{
	pair(inlined, not_inlined);
}

static void pair_called(void)
{
	pair(called, not_called);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "control: the counter counts ten and two", counts_right, 60 },
		{ "the shared pair, inlined: 8 instructions, 2 locked",
		  pair_inlined, 60 },
		{ "called: the same, and the calls", pair_called, 60 },
	};

	return tap_main(cases);
}
