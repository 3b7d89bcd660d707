/* SPDX-License-Identifier: MIT */
/*
 * For harm.c and the others beside it: each case execs in a process beside a
 * creation that is frozen, with the guard on (guest starts it, with a bound of
 * 5 s).  Without it each exec would lose, and say so.  With HARM_CONTROL in the
 * environment there is no guard, and that is what is asked for.
 */
#ifndef HARM_RACE_H
#define HARM_RACE_H

#include "race.h"

enum { HARM_RUNS = 5, HARM_RELEASE_MS = 60 };

struct race harm_race(race_exec *exec, int release_ms);

/* A target that grants nothing, once a race is there. */
const char *harm_plain_target(void);

/* That the exec meets the creation, and is kept. */
void harm_must_keep(race_exec *exec);
/* Once; tells the race what else it should know. */
void harm_must_keep_once(const struct race *race, int run);

/* The bare system call. */
int harm_exec(const char *path, char *const argv[], char *const envp[],
	      void *arg);

/* As the exec family answers. */
int harm_answer(int result);

#endif
