/* SPDX-License-Identifier: MIT */
/* The ways to exec that `clonexec probe` compares. */
#ifndef PROBE_STRATEGY_H
#define PROBE_STRATEGY_H

#include "race.h"

enum probe_strategy {
	PROBE_NONE, /* plain execve */
	PROBE_AUTO, /* from here on in the order of enum cx_strategy */
	PROBE_UNSHARE,
	PROBE_HELPER,
	PROBE_LOCK, /* with creators that keep to the lock */
	PROBE_STRATEGIES
};

const char *probe_strategy_name(enum probe_strategy strategy);

/*
 * The function for struct race; its arg is the enum probe_strategy.  It waits
 * for guarded creators longer than by default: what is to be seen is what the
 * lock does, not whether two seconds are enough for a machine as busy as this.
 */
race_exec *probe_strategy_exec(enum probe_strategy strategy);

/*
 * NULL, or why this strategy is not available here.  Its fall-back is lock,
 * of which creators that nobody guards would show only what is known.  Auto
 * is never refused: what it falls back to is what users get.
 */
const char *probe_strategy_refused(enum probe_strategy strategy);

/* What auto is here: "unshare", "helper" or "lock". */
const char *probe_auto_means(void);

#endif
