/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fixed.h"
#include "race.h"
#include "soak.h"

/* Every how-many-th exec has the race frozen. */
enum { FROZEN_EVERY = 16, CONTROL_RUNS = 20000, CONTROL_LOST = 3 };

struct way {
	enum cx_strategy strategy;
	unsigned int beside;
	int plain;
	unsigned int n;
};

/* In the child, on the thread that execs. */
static int exec_amid(const char *path, char *const argv[],
		     char *const envp[], void *arg)
{
	const struct way *w = arg;

	if (w->plain)
		return execve(path, argv, envp);
	cx_set_timeout(LOCK_MS);
	cx_set_strategy(w->strategy);
	if (creators_start(w->beside, w->strategy == CX_LOCK, NULL, NULL,
			   NULL)) {
		errno = EIO;
		return -1;
	}
	return cx_execve(path, argv, envp);
}

/*
 * Under `lock` only guarded creators are promised anything.  (A frozen one
 * sits in its region, and the exec waits for it.)
 */
static void plan(struct race *race, struct way *w, unsigned int n)
{
	memset(race, 0, sizeof *race);
	memset(w, 0, sizeof *w);
	w->n = n;
	w->strategy = (enum cx_strategy)(n % STRATEGIES);
	race->kind = (enum target_kind)(n / STRATEGIES % TARGET_KINDS);
	race->creators = RACE_SPINNING;
	race->guarded = w->strategy == CX_LOCK || n / 32 % 2;
	w->beside = n / (STRATEGIES * TARGET_KINDS) % (BESIDE_ALL + 1);
	if (w->strategy == CX_LOCK)
		w->beside &= ~(unsigned int)BESIDE_TIMER;
	race->exec = exec_amid;
	race->arg = w;
	race->limit_ms = RUN_MS;
}

static void count(const struct race *race, const struct way *w,
		  const struct race_result *r, int error)
{
	atomic_fetch_add(&soak->created, r->created);
	atomic_fetch_add(&soak->eagain, r->eagain);
	if (error == 0 && r->verdict == TARGET_KEPT) {
		atomic_fetch_add(&soak->execs[w->strategy], 1);
		if (race->creators == RACE_FROZEN)
			atomic_fetch_add(&soak->frozen, 1);
	} else if (error == -ETIMEDOUT || r->error == -ETIMEDOUT) {
		atomic_fetch_add(&soak->hangs, 1);
	} else if (error == 0 && r->verdict == TARGET_LOST) {
		atomic_fetch_add(&soak->lost, 1);
	} else {
		atomic_fetch_add(&soak->broken, 1);
	}
	if (error || r->verdict != TARGET_KEPT || r->eagain)
		printf("exec %u: %s, strategy %d, beside %#x, creators %d: "
		       "%s, error %d/%d, status %#x, EAGAIN %u, '%s'\n",
		       w->n, target_name(race->kind), (int)w->strategy,
		       w->beside, (int)race->creators,
		       target_verdict_name(r->verdict), error, r->error,
		       (unsigned int)r->status, r->eagain, r->line);
}

void racers_run(const struct targets *targets,
		const struct target_caller *caller, long long end)
{
	int freezes = 1, error;
	struct race_result r;
	struct race race;
	unsigned int n;
	struct way w;

	for (n = 0; soak_now() < end; n++) {
		plan(&race, &w, n);
		race.path = targets->path[race.kind];
		race.caller = caller;
		if (targets->error[race.kind])
			continue;
		if (freezes &&
		    n % FROZEN_EVERY == n / FROZEN_EVERY % FROZEN_EVERY) {
			race.creators = RACE_FROZEN;
			w.beside = 0;
		}
		error = race_run(&race, &r);
		if (race.creators == RACE_FROZEN && error &&
		    error != -ETIMEDOUT) {
			printf("the race is not frozen here: %s\n",
			       race_why(&r, error));
			freezes = 0;
			continue;
		}
		count(&race, &w, &r, error);
	}
}

static void plan_plain(struct race *race, struct way *w,
		       const struct targets *targets,
		       const struct target_caller *caller)
{
	plan(race, w, 0);
	race->kind = TARGET_SETUID;
	race->path = targets->path[race->kind];
	race->caller = caller;
	w->plain = 1;
}

int racers_control(const struct targets *targets,
		   const struct target_caller *caller, long long end)
{
	struct race_result r;
	struct race race;
	struct way w;
	int i;

	soak->fixed = fixed_kernel();
	if (soak->fixed)
		return 0;
	for (i = 0; i < CONTROL_RUNS && soak_now() < end; i++) {
		plan_plain(&race, &w, targets, caller);
		if (race_run(&race, &r) || r.verdict == TARGET_BROKEN)
			continue;
		atomic_fetch_add(&soak->plain_runs, 1);
		atomic_fetch_add(&soak->plain_lost, r.verdict == TARGET_LOST);
		atomic_fetch_add(&soak->plain_eagain, r.eagain);
		if (soak->plain_lost >= CONTROL_LOST && soak->plain_eagain)
			return 0;
	}
	return -1;
}
