/* SPDX-License-Identifier: MIT */
#include "selftest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cgroup.h"
#include "firstns.h"

enum { TRIES = 5, WHY = 512 };

/* What the process in the cgroup is told, and answers. */
struct test {
	const struct pins *pins;
	int release_ms, error;
	struct proof proof;
	char why[WHY];
};

/*
 * Events of it would be noise to those who look at them.  In a pid namespace
 * they are told all the same, for there our number is another process's.
 */
static int run_silently(const struct pins *pins, struct proof *proof,
			int release_ms, char *why, size_t size)
{
	struct guard_about about;
	int error = pins_read_about(pins, &about);

	if (!error) {
		if (firstns_is_ours("pid", FIRSTNS_PID) == 1)
			about.tester = (unsigned int)getpid();
		error = pins_write_about(pins, &about);
	}
	if (error) {
		snprintf(why, size, "cannot read its maps: %s",
			 strerror(-error));
		return error;
	}
	error = proof_run(proof, PROOF_EXECS, release_ms, why, size);
	about.tester = 0;
	pins_write_about(pins, &about);
	return error;
}

static void run_test(void *arg)
{
	struct test *t = arg;

	t->error = run_silently(t->pins, &t->proof, t->release_ms, t->why,
				sizeof(t->why));
}

static int run_in_cgroup(const struct pins *pins,
			 const struct guard_about *about, struct proof *proof,
			 int release_ms, char *why, size_t size)
{
	struct test *t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int error;

	if (t == MAP_FAILED) {
		snprintf(why, size, "cannot test itself: %s", strerror(errno));
		return -ENOMEM;
	}
	t->pins = pins;
	t->release_ms = release_ms;
	error = cgroup_run(about, run_test, t, why, size);
	if (!error && t->error)
		snprintf(why, size, "%s", t->why);
	if (!error)
		error = t->error;
	*proof = t->proof;
	munmap(t, sizeof(*t));
	return error;
}

static int run_execs(const struct pins *pins, const struct guard_about *about,
		     struct proof *proof, int release_ms, char *why,
		     size_t size)
{
	if (about->cgroup_id)
		return run_in_cgroup(pins, about, proof, release_ms, why, size);
	return run_silently(pins, proof, release_ms, why, size);
}

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
	error = run_execs(pins, &about, proof, release_ms, why, size);
	pins_read_counters(pins, after);
	for (i = 0; i < GUARD_COUNTERS; i++)
		after[i] -= before[i];
	proof->met = after[GUARD_EXEC_MET];
	proof->begun_again = after[GUARD_EXEC_RESTARTED];
	proof->let_go = after[GUARD_EXEC_LET_GO];
	proof->unqueued = after[GUARD_EXEC_UNQUEUED];
	about.own_execs += proof->met;
	pins_write_about(pins, &about);
	if (error)
		return error;
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
