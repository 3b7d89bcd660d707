/* SPDX-License-Identifier: MIT */
/*
 * P1, without luck: for every function of the exec family and every way in
 * which a file grants privileges, a frozen race.  Plain exec loses each time
 * (else this test is broken); every strategy keeps each time.
 */
#include <string.h>

#include "frozen.h"
#include "kernel.h"
#include "tap.h"

static void expect(enum target_kind kind, const struct frozen_way *way,
		   int guarded, enum target_verdict want)
{
	struct race_result r = frozen_run(kind, way, guarded);

	check(r.verdict == want, "%s %s by %s%s: %s, not %s (%s, error %s)",
	      target_name(kind), way->plain ? "plain" :
	      strategy_name(way->strategy),
	      frozen_call_name(way->call), guarded ? ", guarded" : "",
	      target_verdict_name(r.verdict), target_verdict_name(want),
	      r.line, strerror(-r.error));
	/* The lock's proof: it was seen to wait, and only then let go. */
	check(!guarded || r.released, "%s: the exec did not wait",
	      frozen_call_name(way->call));
}

static void family(enum target_kind kind)
{
	enum frozen_call call;
	enum cx_strategy s;

	frozen_need_targets();
	for (call = 0; call < FROZEN_CALLS; call++) {
		struct frozen_way way = { .call = call, .plain = 1 };

		expect(kind, &way, 0, kernel_plain());
		way.plain = 0;
		for (s = CX_AUTO; s <= CX_HELPER; s++) {
			way.strategy = s;
			expect(kind, &way, 0, TARGET_KEPT);
		}
		way.strategy = CX_LOCK;
		expect(kind, &way, 1, TARGET_KEPT);
	}
}

/* The lock's own control: against a creator that nobody guards it is no
   protection, and does not claim to be. */
static void lock_unguarded(void)
{
	struct frozen_way way = { .strategy = CX_LOCK };

	frozen_need_targets();
	expect(TARGET_SETUID, &way, 0, kernel_plain());
}

static void setuid_family(void) { family(TARGET_SETUID); }
static void setgid_family(void) { family(TARGET_SETGID); }
static void filecaps_family(void) { family(TARGET_FILECAPS); }

/* 100 of each in a row: the figure that docs/promises.md names. */
static void hundred(void)
{
	struct frozen_way plain = { .plain = 1 }, ours = { .plain = 0 };
	int i;

	frozen_need_targets();
	for (i = 0; i < 100; i++) {
		expect(TARGET_SETUID, &plain, 0, kernel_plain());
		expect(TARGET_SETUID, &ours, 0, TARGET_KEPT);
	}
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "set-uid: plain loses, every strategy keeps, all functions",
		  setuid_family, 120 },
		{ "set-gid: the same", setgid_family, 120 },
		{ "file capabilities: the same", filecaps_family, 120 },
		{ "lock alone loses against an unguarded creator",
		  lock_unguarded, 30 },
		{ "100 of 100 lost by execve, 100 of 100 kept by cx_execve",
		  hundred, 120 },
	};

	return tap_main(cases);
}
