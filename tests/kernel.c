/* SPDX-License-Identifier: MIT */
#include "kernel.h"

#include <string.h>

#include "frozen.h"
#include "stopped.h"
#include "tap.h"

static enum target_verdict run(enum race_creators creators)
{
	struct frozen_way way = { .plain = 1 };
	struct race_result r =
		frozen_run_with(TARGET_SETUID, &way, 0, creators);

	check(r.verdict != TARGET_BROKEN, "plain execve: %s, error %s", r.line,
	      strerror(-r.error));
	return r.verdict;
}

enum target_verdict kernel_plain(void)
{
	static enum target_verdict known = TARGET_BROKEN;

	if (known != TARGET_BROKEN)
		return known;
	frozen_need_targets();
	known = run(RACE_FROZEN);
	if (known == TARGET_KEPT) {
		check(run(RACE_STRANGER) == TARGET_LOST,
		      "a clone that is frozen makes no difference");
		tap_note("turned: this kernel keeps privileges in the race");
	}
	return known;
}

enum race_creators kernel_losing(void)
{
	return kernel_plain() == TARGET_LOST ? RACE_FROZEN : RACE_STRANGER;
}

static int refused(int strangers)
{
	struct frozen_way way = { .plain = 1 };
	struct stopped s = {
		.strangers = strangers,
		.exec = frozen_exec,
		.arg = &way,
		.limit_ms = 8000,
	};
	struct stopped_result r;
	int error = stopped_run(&s, &r);

	if (error)
		tap_skip("no exec stands still: %s", stopped_why(&r, error));
	check(r.refused == 0 || r.refused == STOPPED_CREATIONS,
	      "%d of %d creations were refused", r.refused, STOPPED_CREATIONS);
	return r.refused != 0;
}

int kernel_refuses(int n)
{
	if (refused(0))
		return n;
	check(refused(1), "an exec that stands still refuses nobody");
	tap_note("turned: this kernel refuses no thread");
	return 0;
}
