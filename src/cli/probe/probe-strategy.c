/* SPDX-License-Identifier: MIT */
#include "probe-strategy.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <clonexec.h>

#include "strategynames.h"

enum { LOCK_TIMEOUT = 60000 }; /* ms */

/* Not for PROBE_NONE. */
static enum cx_strategy ours(enum probe_strategy strategy)
{
	return (enum cx_strategy)(strategy - PROBE_AUTO);
}

const char *probe_strategy_name(enum probe_strategy strategy)
{
	return strategy == PROBE_NONE ? "none" : strategy_name(ours(strategy));
}

/* ---- The execs -------------------------------------------------------- */

static int plain_exec(const char *path, char *const argv[], char *const envp[],
		      void *arg)
{
	return execve(path, argv, envp);
}

/* In the race's own process, so the strategy is set for it alone. */
static int safe_exec(const char *path, char *const argv[], char *const envp[],
		     void *arg)
{
	const enum probe_strategy *strategy = arg;

	if (cx_set_strategy(ours(*strategy)) || cx_set_timeout(LOCK_TIMEOUT))
		return -1;
	return cx_execve(path, argv, envp);
}

race_exec *probe_strategy_exec(enum probe_strategy strategy)
{
	return strategy == PROBE_NONE ? plain_exec : safe_exec;
}

/* ---- What is available here ------------------------------------------- */

static int ask_status(enum probe_strategy strategy, struct cx_status *status)
{
	status->size = sizeof(*status);
	if (cx_set_strategy(ours(strategy)))
		return -1;
	return cx_status(status);
}

/* Then execve is not the plain one: it would be taken for a fixed kernel. */
static int is_preloaded(void)
{
	static const char shim[] = "/libclonexec-preload.so";
	char line[PATH_MAX + 128];
	FILE *maps = fopen("/proc/self/maps", "re");
	int found = 0;

	while (maps && !found && fgets(line, sizeof(line), maps))
		found = strstr(line, shim) != NULL;
	if (maps)
		fclose(maps);
	return found;
}

const char *probe_strategy_refused(enum probe_strategy strategy)
{
	struct cx_status status;

	if (strategy == PROBE_NONE)
		return is_preloaded() ? "libclonexec-preload.so protects "
					"this command, too" :
					NULL;
	if (strategy == PROBE_AUTO || ask_status(strategy, &status) ||
	    status.in_force == status.asked)
		return NULL;
	return strategy == PROBE_UNSHARE ? "unshare(CLONE_FS) is refused here" :
					   "no helper thread is possible here";
}

const char *probe_auto_means(void)
{
	struct cx_status status;

	return ask_status(PROBE_AUTO, &status) ? "unknown" :
						 strategy_name(status.in_force);
}
