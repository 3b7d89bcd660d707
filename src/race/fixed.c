/* SPDX-License-Identifier: MIT */
#include "fixed.h"

#include <unistd.h>

#include "caller.h"
#include "race.h"
#include "stopped.h"

static int plain(const char *path, char *const argv[], char *const envp[],
		 void *arg)
{
	(void)arg;
	return execve(path, argv, envp);
}

/* -1: that cannot be told. */
static int refuses(int strangers)
{
	struct stopped s = { .strangers = strangers, .exec = plain };
	struct stopped_result r;

	return stopped_run(&s, &r) ? -1 : r.refused != 0;
}

static int loses(const struct targets *targets,
		 const struct target_caller *caller,
		 enum race_creators creators)
{
	struct race race = {
		.kind = TARGET_SETUID,
		.path = targets->path[TARGET_SETUID],
		.caller = caller,
		.creators = creators,
		.exec = plain,
	};
	struct race_result r;

	if (race_run(&race, &r) || r.verdict == TARGET_BROKEN)
		return -1;
	return r.verdict == TARGET_LOST;
}

static int keeps(void)
{
	static struct targets targets;
	struct target_caller caller;
	int is_kept;

	if (caller_choose(&caller) || targets_make(&targets, &caller))
		return 0;
	is_kept = !targets.error[TARGET_SETUID] &&
		  loses(&targets, &caller, RACE_IDLE) == 0 &&
		  loses(&targets, &caller, RACE_FROZEN) == 0 &&
		  loses(&targets, &caller, RACE_STRANGER) == 1;
	targets_remove(&targets);
	return is_kept;
}

int fixed_kernel(void)
{
	return geteuid() == 0 && refuses(0) == 0 && refuses(1) == 1 && keeps();
}
