/* SPDX-License-Identifier: MIT */
/* What the dumper said, as the driver reads and compares it. */
#ifndef DUMPED_H
#define DUMPED_H

#include <stddef.h>

enum { DUMPED_LINES = 1500 };

struct dumped {
	char text[128 * 1024];
	size_t size;
	char *key[DUMPED_LINES], *value[DUMPED_LINES];
	unsigned int count;
};

/* To the end of the output; 0 if that did not come in time. */
int dumped_read(struct dumped *d, int fd, int milliseconds);

/* NULL if there is no such key. */
const char *dumped_value(const struct dumped *d, const char *key);

/* Calls differs() for each key whose values are not the same ones. */
void dumped_compare(const struct dumped *a, const struct dumped *b,
		    void (*differs)(const char *key, const char *a,
				    const char *b, void *arg), void *arg);

#endif
