/* SPDX-License-Identifier: MIT */
#include "harm-race.h"

#include <errno.h>
#include <stdlib.h>

#include "caller.h"
#include "sys.h"
#include "tap.h"

static struct targets targets;
static struct target_caller caller;

struct race harm_race(race_exec *exec, int release_ms)
{
	struct race race = {
		.kind = TARGET_SETUID,
		.caller = &caller,
		.creators = RACE_FROZEN,
		.release_ms = release_ms,
		.exec = exec,
	};

	tap_need_root();
	check(!caller_choose(&caller), "nobody to become");
	check(!targets_make(&targets, &caller) && !targets.error[race.kind],
	      "no targets");
	race.path = targets.path[race.kind];
	return race;
}

const char *harm_plain_target(void)
{
	check(!targets.error[TARGET_USERNS], "no plain target");
	return targets.path[TARGET_USERNS];
}

void harm_must_keep_once(const struct race *race, int run)
{
	struct race_result r;
	int error = race_run(race, &r);

	check(!error, "%s", race_why(&r, error));
	if (getenv("HARM_CONTROL")) {
		check(r.verdict == TARGET_LOST, "run %d: %s, errno %d", run,
		      target_verdict_name(r.verdict), -r.error);
		return;
	}
	check(r.verdict == TARGET_KEPT, "run %d: %s, errno %d", run,
	      target_verdict_name(r.verdict), -r.error);
	/* Else the exec met no creation. */
	check(r.microseconds >= race->release_ms * 1000L,
	      "run %d: after %ld us", run, r.microseconds);
}

void harm_must_keep(race_exec *exec)
{
	struct race race = harm_race(exec, HARM_RELEASE_MS);
	int i;

	for (i = 0; i < HARM_RUNS; i++)
		harm_must_keep_once(&race, i);
}

int harm_answer(int result)
{
	errno = -result;
	return -1;
}

int harm_exec(const char *path, char *const argv[], char *const envp[],
	      void *arg)
{
	return harm_answer(sys_execve(path, argv, envp));
}
