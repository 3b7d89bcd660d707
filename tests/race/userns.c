/* SPDX-License-Identifier: MIT */
/*
 * P1 for root's own privileges: root of a user namespace that has dropped its
 * capabilities gets them back by any exec, but not in the race.
 */
#include "frozen.h"
#include "kernel.h"
#include "tap.h"

static void expect(const struct frozen_way *way, enum target_verdict want)
{
	struct race_result r = frozen_run(TARGET_USERNS, way, 0);

	check(r.verdict == want, "%s: %s (%s)",
	      way->plain ? "plain" : strategy_name(way->strategy),
	      target_verdict_name(r.verdict), r.line);
}

static void userns(void)
{
	struct frozen_way way = { .plain = 1 };
	enum cx_strategy s;

	frozen_need_targets();
	expect(&way, kernel_plain());
	way.plain = 0;
	for (s = CX_AUTO; s <= CX_HELPER; s++) {
		way.strategy = s;
		expect(&way, TARGET_KEPT);
	}
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "root of a user namespace: plain loses, ours keeps", userns,
		  60 },
	};

	return tap_main(cases);
}
