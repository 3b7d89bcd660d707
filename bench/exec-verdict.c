/* SPDX-License-Identifier: MIT */
/*
 * What each way to exec is worth in the frozen race: a line "MEANS VERDICT" for
 * each, of a set-user-ID program, beside one creation that has come half way.
 * Needs root and Linux 6.9.
 *
 * The race calls cx_before_clone() around a creation that is guarded, and here
 * that is the guard of the means, by the linker's --wrap.
 */
#include <stdio.h>
#include <string.h>

#include <clonexec.h>

#include "exec-means.h"
#include "race.h"

static const struct guard *guard;

void __wrap_cx_before_clone(void);
void __wrap_cx_after_clone(void);
void __real_cx_before_clone(void);
void __real_cx_after_clone(void);

void __wrap_cx_before_clone(void)
{
	if (guard->is_ours)
		__real_cx_before_clone();
	else if (guard->enter)
		guard->enter();
}

void __wrap_cx_after_clone(void)
{
	if (guard->is_ours)
		__real_cx_after_clone();
	else if (guard->leave)
		guard->leave();
}

static int exec_by(const char *path, char *const argv[], char *const envp[],
		   void *arg)
{
	const struct means *means = arg;

	if (guard->before_exec)
		guard->before_exec();
	means->exec(path, argv, envp);
	return -1;
}

static const char *verdict(const struct race *race)
{
	struct race_result result;
	int r = race_run(race, &result);

	if (r < 0)
		return "not tried";
	switch (result.verdict) {
	case TARGET_KEPT:
		return "kept";
	case TARGET_LOST:
		return "lost";
	default:
		return "broken";
	}
}

int main(void)
{
	static const struct target_caller caller = { 1000, 1000 };
	struct targets targets;
	const struct means *m;
	struct race race = { .kind = TARGET_SETUID,
			     .caller = &caller,
			     .creators = RACE_FROZEN,
			     .exec = exec_by };
	int i;

	if (targets_make(&targets, &caller) < 0 || targets.error[TARGET_SETUID])
		return 1;
	race.path = targets.path[TARGET_SETUID];
	for (i = 0; (m = means_at(i)) != NULL; i++) {
		if (!strncmp(m->name, "search", 6))
			continue;
		guard = guard_find(m->guard);
		race.guarded = guard->is_ours || guard->enter;
		race.arg = (void *)m;
		printf("%s %s\n", m->name, verdict(&race));
	}
	targets_remove(&targets);
	return 0;
}
