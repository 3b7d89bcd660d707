/* SPDX-License-Identifier: MIT */
/*
 * The first of the exec lock's words, the state: its bits, and the one step
 * that a creator makes on it: add, and see whether the door was open.
 *
 * READY  Set by the first user, cleared only by the fork that wipes the
 *	  page: tells an open or shut door from an unused one.
 * SHUT	  Set by a writer, cleared again when it releases or by a creator
 *	  that waited in vain.  Cleared too early lets a creator into an
 *	  exec: EAGAIN or, under the strategy `lock` only, lost privileges,
 *	  which is what a program without the lock has.  Cleared too late
 *	  costs a bounded wait.
 * the    Creators inside, and for a moment those that found the door shut
 * rest	  and have not stepped back yet: a signed number above the flags, so
 *	  that nothing that is done to it can change them.  Too high costs an
 *	  exec a bounded wait, after which it is set right.  Too low (a
 *	  creator that came back after an exec had given it up) lets one exec
 *	  wait for one creator too few; below zero is set right by the next.
 *
 * The door is open if READY is set and SHUT is not.  So of the two flags one
 * is set if it is open, and none or both if it is not: see door-x86_64.h.
 */
#ifndef CX_DOOR_H
#define CX_DOOR_H

#include <stdint.h>

#include "lockpage.h"

#define READY	(1u << 0)
#define SHUT	(1u << 1)
#define FLAGS	((1u << 8) - 1)
#define ONE	(1u << 8)	/* one creator */

static inline int door_is_open(uint32_t state)
{
	return (state & (READY | SHUT)) == READY;
}

static inline int32_t door_count(uint32_t state)
{
	return (int32_t)state >> 8;
}

/* What was found after a step. */
enum door {
	DOOR_OPEN,
	DOOR_CLOSED,	/* or unused */
	DOOR_BELOW,	/* the same, and the count is below zero */
};

/*
 * static inline enum door door_add(int32_t amount);
 *
 * Adds ONE or takes it.  To add is an acquire (it pairs with open_door()), to
 * take is a release (it pairs with the load of drain()).
 */
#ifndef CX_DOOR_CPU_H /* as meson.build has it */
#define CX_DOOR_CPU_H "any/door.h"
#endif
#include CX_DOOR_CPU_H

#endif
