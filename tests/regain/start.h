/* SPDX-License-Identifier: MIT */
/* One start of program.c as a file with privileges, and what it said. */
#ifndef START_H
#define START_H

#include "race.h"

struct start {
	enum target_kind kind;
	enum race_creators creators;
	const char *mode;	/* see program.c */
	/* What calls execve; NULL: nothing but that. */
	int (*exec)(const char *path, char *const argv[], char *const envp[]);
	int stay_root;		/* until then */
};

struct said {
	struct race_result r;
	int answer, starts;	/* of cx_regain; how often main began */
	char error[32];		/* errno's name */
	const char *rest;	/* what else it sees, in r.line */
};

/* The program with its privileges; skips the case without root. */
void start_need_programs(void);
const char *start_path(enum target_kind kind);
const char *start_dir(void);

/* Ends the case if the program could not be started. */
void start_run(const struct start *start, struct said *said);

/* Whether both had the same ids, capabilities and AT_SECURE. */
int start_same_privileges(const struct said *a, const struct said *b);

#endif
