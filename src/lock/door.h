/* SPDX-License-Identifier: MIT */
/*
 * The first of an exec lock's words, the state: its bits, and the one step
 * that a creator makes on it: add, and see whether the door was open.
 *
 * EXECLOCK_READY	Tells an open or closed door from an unused one.
 * EXECLOCK_CLOSED	An exec has the lock, or is about to.  Cleared too
 *			early it lets a creator into an exec: EAGAIN or, under
 *			the strategy `lock` only, lost privileges (a region: a
 *			new program that a signal kills), which is what a
 *			program without the lock has.  Cleared too late it
 *			costs a bounded wait.
 * above the flags	The creators inside, and for a moment those that found
 *			the door closed and have not stepped back yet: a signed
 *			number, so that nothing that is done to it can change
 *			the flags.  Too high it costs an exec a bounded wait,
 *			after which it is set right.  Too low (a creator that
 *			came back after an exec had given it up) it lets execs
 *			wait for one creator too few, until one finds it below
 *			zero and sets it right.
 *
 * The door is open if EXECLOCK_READY is set and EXECLOCK_CLOSED is not.  So of
 * the two flags one is set if it is open, and none or both if it is not: see
 * x86_64/door.h.
 */
#ifndef CX_DOOR_H
#define CX_DOOR_H

#include <stdint.h>

#include "lockpage.h"

#define EXECLOCK_READY (1u << 0)
#define EXECLOCK_CLOSED (1u << 1)
#define EXECLOCK_FLAGS ((1u << 8) - 1)
#define EXECLOCK_ONE (1u << 8) /* one creator */

static inline int door_is_open(uint32_t state)
{
	return (state & (EXECLOCK_READY | EXECLOCK_CLOSED)) == EXECLOCK_READY;
}

static inline int32_t door_count(uint32_t state)
{
	return (int32_t)state >> 8;
}

/* What was found after a step. */
enum door {
	DOOR_OPEN,
	DOOR_CLOSED, /* or unused */
	DOOR_BELOW,  /* the same, and the count is below zero */
};

/*
 * static inline enum door door_add(uint32_t *state, int32_t amount);
 *
 * Adds EXECLOCK_ONE or takes it.  To add is an acquire (it pairs with
 * open_door()), to take is a release (it pairs with the load of drain()).
 */
#ifndef CX_DOOR_CPU_H /* as meson.build has it */
#define CX_DOOR_CPU_H "any/door.h"
#endif
#include CX_DOOR_CPU_H

#endif
