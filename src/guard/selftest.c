/* SPDX-License-Identifier: MIT */
#include "selftest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TRIES = 5 };

static int run_once(const struct pins *pins, struct proof *proof,
		    int release_ms, char *why, size_t size)
{
	unsigned long long before[GUARD_COUNTERS], after[GUARD_COUNTERS];
	struct guard_about about;
	int i, error = pins_read_counters(pins, before);

	if (!error)
		error = pins_read_about(pins, &about);
	if (error) {
		snprintf(why, size, "cannot read its maps: %s",
			 strerror(-error));
		return error;
	}
	/* Only an exec that is begun again waits for it. */
	if (about.mode != GUARD_RESTART)
		release_ms = 0;
	error = proof_run(proof, PROOF_EXECS, release_ms, why, size);
	if (error)
		return error;
	pins_read_counters(pins, after);
	for (i = 0; i < GUARD_COUNTERS; i++)
		after[i] -= before[i];
	proof->met = after[GUARD_EXEC_MET];
	proof->begun_again = after[GUARD_EXEC_RESTARTED];
	proof->let_go = after[GUARD_EXEC_LET_GO];
	proof->unqueued = after[GUARD_EXEC_UNQUEUED];
	about.own_execs += proof->met;
	pins_write_about(pins, &about);
	return proof_is_good(proof, (enum guard_mode)about.mode, why, size) ?
		       0 :
		       -EIO;
}

/*
 * On a busy machine a creation may go on before the exec has met it, or so late
 * that the exec has reached its bound.  That tells nothing, so it is tried with
 * a longer time, or a shorter one.
 */
int selftest_run(const struct pins *pins, struct proof *proof, char *why,
		 size_t size)
{
	int i, error = 0, release_ms = PROOF_RELEASE_MS;

	for (i = 0; i < TRIES; i++) {
		memset(proof, 0, sizeof(*proof));
		error = run_once(pins, proof, release_ms, why, size);
		if (!error || !proof->execs)
			break;
		if (proof->let_go)
			release_ms = release_ms / 2 + 1;
		else if (proof->kept && !proof->lost)
			release_ms *= 2;
		else
			break;
	}
	return error;
}
