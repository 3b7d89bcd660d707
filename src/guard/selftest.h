/* SPDX-License-Identifier: MIT */
/* The proof, beside what the counters of the guard in force say of it. */
#ifndef SELFTEST_H
#define SELFTEST_H

#include "pins.h"
#include "proof.h"

/*
 * Tests the guard that is pinned: 0 if it works as its mode promises, else
 * -errno and one line in why[].  Notes in about how many execs were its own.
 */
int selftest_run(const struct pins *pins, struct proof *proof, char *why,
		 size_t size);

#endif
