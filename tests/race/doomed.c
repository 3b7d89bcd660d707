/* SPDX-License-Identifier: MIT */
/*
 * An exec that looks bound to fail and then is not: the file is put in place
 * after the forecast has looked, or the file system answers a question about
 * it otherwise than it executes it.  Either is played by a filter that says
 * "not there" of one pointer, and the file is there.  The frozen race is won
 * all the same.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filter.h"
#include "frozen.h"
#include "kernel.h"
#include "sys.h"
#include "tap.h"

/* At one address, of which the filter knows. */
static char place[PATH_MAX];

static enum cx_strategy strategy;

static int exec_place(const char *path, char *const argv[],
		      char *const envp[], void *arg)
{
	snprintf(place, sizeof place, "%s", path);
	if (arg)
		return execve(place, argv, envp);
	cx_set_strategy(strategy);
	return cx_execve(place, argv, envp);
}

static struct race_result run(const char *path, int plain)
{
	struct race race = {
		.kind = TARGET_SETUID,
		.path = path,
		.caller = &(struct target_caller){ 1000, 1000 },
		.creators = RACE_FROZEN,
		.exec = exec_place,
		.arg = plain ? &race : NULL,
	};
	struct race_result r;
	int error = race_run(&race, &r);

	if (error)
		tap_skip("%s", race_why(&r, error));
	return r;
}

static void expect(const char *path, int plain, enum target_verdict verdict)
{
	struct race_result r = run(path, plain);

	check(r.verdict == verdict, "%s, %s: %s, error %s",
	      plain ? "plain" : "ours", strategy_name(strategy),
	      target_verdict_name(r.verdict), strerror(-r.error));
}

static struct targets targets;

static void make_targets(void)
{
	static const struct target_caller caller = { 1000, 1000 };

	tap_need_root();
	check(targets_make(&targets, &caller) == 0 &&
	      targets.error[TARGET_SETUID] == 0, "no set-uid copy");
}

static void there_after_all(void)
{
	make_targets();
	filter_refuse_if(SYS_STAT_CALL, 1, (unsigned long)place, ENOENT);
	expect(targets.path[TARGET_SETUID], 1, kernel_plain());
	for (strategy = CX_AUTO; strategy <= CX_HELPER; strategy++)
		expect(targets.path[TARGET_SETUID], 0, TARGET_KEPT);
	targets_remove(&targets);
}

static void denied_by_the_question_only(void)
{
	make_targets();
	filter_refuse_if(SYS_STAT_CALL, 1, (unsigned long)place, EACCES);
	expect(targets.path[TARGET_SETUID], 1, kernel_plain());
	for (strategy = CX_AUTO; strategy <= CX_HELPER; strategy++)
		expect(targets.path[TARGET_SETUID], 0, TARGET_KEPT);
	targets_remove(&targets);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "missing when it was looked at, and there when executed",
		  there_after_all, 60 },
		{ "a question answered EACCES, an exec that is allowed",
		  denied_by_the_question_only, 60 },
	};

	return tap_main(cases);
}
