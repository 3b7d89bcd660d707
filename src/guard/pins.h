/* SPDX-License-Identifier: MIT */
/*
 * What keeps the guard in the kernel when the program that loaded it has ended:
 * its links and maps, under names in a directory of root's in the bpf file
 * system.  The maps too: the kernel arranges no task work for a map that
 * nobody but its programs holds.
 *
 * Functions return 0 or -errno, with one line in why[].
 */
#ifndef PINS_H
#define PINS_H

#include "load.h"

enum pins_place {
	PINS_IN_FORCE, /* GUARD_PINS */
	PINS_NEXT,     /* a guard that is to replace it */
	PINS_PLACES
};

/*
 * Whoever changes the pins holds this: a descriptor, or -errno.  make: the
 * directory, if it is not there; else that is -ENOENT.
 */
int pins_lock(enum pins_place place, int make, char *why, size_t size);

/* Puts all pins into the directory; on an error some may be there. */
int pins_make(enum pins_place place, const struct load *l, char *why,
	      size_t size);

/* Removes them, and with them what they hold; and the directory as well.
   (One that is not there is no error for the second.) */
int pins_clear(enum pins_place place, char *why, size_t size);
int pins_remove(enum pins_place place, char *why, size_t size);

/* Each gets the name of the other, at once. */
int pins_exchange(char *why, size_t size);

/*
 * The maps "about" and "counters"; -ENOENT if the guard is off.  Of about,
 * since is 0 if start has been cut short.
 */
struct pins {
	int about, counters;
};
int pins_open(enum pins_place place, struct pins *pins, char *why, size_t size);
void pins_close(struct pins *pins);

/* -EPROTO: another version has made it. */
int pins_read_about(const struct pins *pins, struct guard_about *about);
int pins_write_about(const struct pins *pins, const struct guard_about *about);
int pins_read_counters(const struct pins *pins,
		       unsigned long long counters[GUARD_COUNTERS]);

#endif
