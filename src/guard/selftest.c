/* SPDX-License-Identifier: MIT */
#include "selftest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int selftest_run(const struct pins *pins, struct proof *proof, char *why,
		 size_t size)
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
	error = proof_run(proof, PROOF_EXECS, why, size);
	if (error)
		return error;
	pins_read_counters(pins, after);
	for (i = 0; i < GUARD_COUNTERS; i++)
		after[i] -= before[i];
	proof->met = after[GUARD_EXEC_MET];
	proof->begun_again = after[GUARD_EXEC_RESTARTED];
	proof->let_go = after[GUARD_EXEC_LET_GO];
	proof->unqueued = after[GUARD_EXEC_UNQUEUED];
	about.own_execs += (unsigned int)proof->execs;
	pins_write_about(pins, &about);
	return proof_is_good(proof, (enum guard_mode)about.mode, why, size) ?
		       0 :
		       -EIO;
}
