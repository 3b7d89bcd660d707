/* SPDX-License-Identifier: MIT */
#include "seen.h"

#include <stdlib.h>
#include <string.h>

static uint64_t *table, size;	/* 0 where there is no hash */
static unsigned long used;

int seen_reset(uint64_t max)
{
	free(table);
	size = max;
	used = 0;
	table = calloc(size, sizeof *table);
	return table ? 0 : -1;
}

uint64_t seen_hash(uint64_t hash, const void *memory, size_t bytes)
{
	const unsigned char *p = memory;
	uint64_t word;

	for (; bytes; p += sizeof word, bytes -= bytes < 8 ? bytes : 8) {
		word = 0;
		memcpy(&word, p, bytes < 8 ? bytes : 8);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 29;
	}
	return hash;
}

int seen_add(uint64_t hash)
{
	uint64_t i;

	hash |= 1;
	for (i = hash >> 20 & (size - 1); table[i]; i = (i + 1) & (size - 1))
		if (table[i] == hash)
			return 0;
	if (used > size - size / 8)
		return -1;
	table[i] = hash;
	used++;
	return 1;
}

unsigned long seen_count(void)
{
	return used;
}
