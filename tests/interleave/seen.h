/* SPDX-License-Identifier: MIT */
/*
 * The states that a search has seen, by 64-bit hashes: two that share a hash
 * count as one, which at 2^27 states happens once in some 1000 searches.
 */
#ifndef SEEN_H
#define SEEN_H

#include <stddef.h>
#include <stdint.h>

/* Forgets all; room for most of `max`, a power of two.  0, or -1. */
int seen_reset(uint64_t max);

/* Of what a state is in several pieces: begin, then go on with each. */
#define SEEN_BEGIN 0x243f6a8885a308d3ULL
uint64_t seen_hash(uint64_t hash, const void *memory, size_t size);

/* 1 if it is new, 0 if it was seen before, -1 if there is no room. */
int seen_add(uint64_t hash);
unsigned long seen_count(void);

#endif
