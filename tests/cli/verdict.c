/* SPDX-License-Identifier: MIT */
/* What probe says of each kind of kernel: figures that were made up. */
#include <string.h>

#include "probe-verdict.h"
#include "tap.h"

static struct probe_sum sums[2]; /* plain, under clonexec */
static struct probe p;

/* Instead of probe-sum.c's. */
void probe_add_up(const struct probe *any, int under, struct probe_sum *sum)
{
	*sum = sums[under];
}

/* All of it in one text. */
static const char *verdict(void)
{
	static char text[PROBE_SENTENCES * 300];
	struct probe_sentence s[PROBE_SENTENCES];
	int i, n = probe_verdict(&p, s);

	check(n <= PROBE_SENTENCES, "%d sentences", n);
	text[0] = '\0';
	for (i = 0; i < n; i++) {
		strcat(text, s[i].head);
		strcat(text, s[i].rest);
		strcat(text, "\n");
	}
	return text;
}

static void begins(const char *wanted)
{
	const char *said = verdict();

	check(!strncmp(said, wanted, strlen(wanted)), "it says: %s", said);
}

static void says(const char *wanted)
{
	check(strstr(verdict(), wanted) != NULL, "it says: %s", verdict());
}

static void answers(enum probe_answer privileges, enum probe_answer eagain)
{
	check(probe_privileges(&sums[0]) == privileges &&
	      probe_eagain(&sums[0]) == eagain, "privileges %d, EAGAIN %d",
	      probe_privileges(&sums[0]), probe_eagain(&sums[0]));
}

static struct probe_sum measured(int frozen, int frozen_lost, int creations,
				 int refused)
{
	return (struct probe_sum){
		.asked = 4, .tested = 4, .frozen = frozen, .runs = 100,
		.frozen_lost = frozen_lost, .creations = creations,
		.refused = refused,
	};
}

static void affected(void)
{
	sums[0] = measured(4, 4, 50, 50);
	sums[1] = measured(16, 0, 200, 0);
	answers(PROBE_YES, PROBE_YES);
	begins("This kernel is affected: plain execve lost privileges in 4 of "
	       "4 frozen races and in 0 of 100 runs.\n");
	says("Under clonexec exec kept privileges in all 16 frozen races");
	says("refused (EAGAIN) beside a stopped exec: plain execve 50 of 50, "
	     "clonexec 0 of 200.\n");
}

static void fixed(void)
{
	sums[0] = measured(4, 0, 50, 0);
	sums[1] = measured(16, 0, 200, 0);
	answers(PROBE_NO, PROBE_NO);
	begins("Fixed kernel: nothing to lose: plain execve kept privileges "
	       "in all 4 frozen races and in all 100 runs, and no thread "
	       "creation failed.\n");
}

/* A freezer that does not freeze must not pass for a fix, nor one witness. */
static void half_fixed(void)
{
	sums[0] = measured(4, 0, 50, 50);
	answers(PROBE_NO, PROBE_YES);
	begins("Half of the bug is here: plain execve kept privileges");
	sums[0] = measured(4, 4, 50, 0);
	answers(PROBE_YES, PROBE_NO);
	begins("This kernel is affected: plain execve lost privileges");
	sums[0] = measured(4, 0, 0, 0);
	answers(PROBE_NO, PROBE_UNKNOWN);
	begins("No privileges are lost here: plain execve kept");
}

static void without_root(void)
{
	sums[0] = measured(0, 0, 50, 50);
	sums[1] = measured(0, 0, 200, 0);
	answers(PROBE_UNKNOWN, PROBE_YES);
	begins("This kernel is affected: thread creations fail beside plain "
	       "execve.\n");
	sums[0] = measured(0, 0, 50, 0);
	answers(PROBE_UNKNOWN, PROBE_NO);
	begins("Thread creations are safe here: whether privileges are lost "
	       "could not be told.\n");
	sums[0] = measured(0, 0, 0, 0);
	begins("No loss seen: plain execve kept privileges in all 100 runs, "
	       "which proves nothing.\n");
}

static void nothing_but_creations(void)
{
	sums[0] = (struct probe_sum){ .creations = 50, .refused = 50 };
	sums[1] = (struct probe_sum){ .creations = 200 };
	begins("This kernel is affected: thread creations fail beside plain "
	       "execve.\nUnder clonexec none fails.\n");
	sums[1].refused = 200;
	says("clonexec does not protect here: thread creations fail");
	memset(sums, 0, sizeof(sums));
	begins("Nothing could be tested.\n");
}

static void busy(void)
{
	sums[0] = measured(3, 0, 50, 0);
	sums[0].untold = 1;
	sums[1] = measured(12, 0, 200, 0);
	sums[1].asked = 16;
	sums[1].untold = 4;
	answers(PROBE_UNKNOWN, PROBE_NO);
	says("Too busy to tell: 5 of 20 frozen races were not let run.\n");
	check(!strstr(verdict(), "Fixed kernel"), "a fix by half of the races");
}

/* What it mends is no sign of a fixed kernel. */
static void guarded(void)
{
	p.guarded = 1;
	sums[0] = measured(4, 0, 50, 50);
	begins("Under the guard plain execve kept privileges in all 4 frozen "
	       "races and in all 100 runs.\nThe guard is on: mode restart "
	       "(clonexec guard status).\n");
	sums[0] = measured(4, 4, 50, 50);
	begins("This kernel is affected: plain execve lost privileges");
	sums[0] = measured(4, 0, 50, 0);
	p.guard.cgroup_id = 1;
	begins("Fixed kernel");
	says("The guard is on: mode restart, for one cgroup (");
	p.guard.cgroup_id = 0;
	p.guard.mode = GUARD_COUNT;
	begins("Fixed kernel");
	says("The guard is on: mode count (");
}

static const struct tap_case cases[] = {
	{ "an affected kernel", affected, 0 },
	{ "a fixed one: nothing to lose", fixed, 0 },
	{ "one that is fixed by half", half_fixed, 0 },
	{ "where nothing can be frozen", without_root, 0 },
	{ "where no target can be tested", nothing_but_creations, 0 },
	{ "a machine that is too busy", busy, 0 },
	{ "under the guard", guarded, 0 },
};

int main(void)
{
	return tap_main(cases);
}
