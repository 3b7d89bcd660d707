/* SPDX-License-Identifier: MIT */
/*
 * The frozen race (src/race/race.h) as a fixture: every way to call exec, and
 * a verdict without luck.  See the control in each test: plain execve must
 * lose, or the test is broken.
 */
#ifndef FROZEN_H
#define FROZEN_H

#include <clonexec.h>

#include "race.h"
#include "strategynames.h"

/* Each function of the family, ours and libc's under the same name. */
enum frozen_call {
	FROZEN_EXECVE,
	FROZEN_EXECV,
	FROZEN_EXECVP,
	FROZEN_EXECVPE,
	FROZEN_EXECL,
	FROZEN_EXECLP,
	FROZEN_EXECLE,
	FROZEN_FEXECVE,
	FROZEN_EXECVEAT,
	FROZEN_CALLS
};

const char *frozen_call_name(enum frozen_call call);

struct frozen_way {
	enum frozen_call call;
	int plain;		   /* libc's function, not ours */
	enum cx_strategy strategy;
	void (*prepare)(void);	   /* in the exec'ing process, just before */
};

/* The targets; made once per test program, skips the case without root. */
void frozen_need_targets(void);

/* The same under names, for cases that take /proc away. */
void frozen_need_named_targets(void);

/* One frozen exec; ends the case if it could not be tried. */
struct race_result frozen_run(enum target_kind kind,
			      const struct frozen_way *way, int guarded);

/* The same with whatever creators. */
struct race_result frozen_run_with(enum target_kind kind,
				   const struct frozen_way *way, int guarded,
				   enum race_creators creators);

/* race_exec: calls exec in the given way (arg is a frozen_way). */
int frozen_exec(const char *path, char *const argv[], char *const envp[],
		void *arg);

#endif
