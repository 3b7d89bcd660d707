/* SPDX-License-Identifier: MIT */
/* What the two sides of the exec lock, execlock.c and creators.c, have in
   common. */
#ifndef CX_EXECLOCK_WORDS_H
#define CX_EXECLOCK_WORDS_H

#include "execlock.h"
#include "lockpage.h"

/* A futex channel for each kind of sleeper on the state word. */
enum { CHANNEL_CREATORS = 1, CHANNEL_HOLDER = 2 };

/*
 * The holder word: the tid of the holder, and this flag if others may be
 * asleep for its place.  Set needlessly it costs a system call.  A stale tid
 * (the thread died or jumped out of its exec) costs the next holder one
 * bounded wait, then the place is taken over.
 */
#define EXECLOCK_QUEUED (1u << 31)

static inline uint32_t load(uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

void cx_execlock_open_door(struct execlock *lock);
int cx_execlock_holds_any(void);

/*
 * A leave by another thread than the one that entered has taken this thread's
 * depth below zero.  at_least is what is certain: the region it is in now.
 */
void cx_execlock_mend_depth(enum execlock_kind kind, uint32_t at_least);

#endif
