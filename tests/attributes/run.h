/* SPDX-License-Identifier: MIT */
/* A process in which one thread sets something up and execs the dumper. */
#ifndef RUN_H
#define RUN_H

#include <clonexec.h>
#include <signal.h>

#include "scenario.h"

/* Where the thread that execs stands. */
enum place { LEADER, OTHER_THREAD, WITHOUT_LEADER, PLACES };

struct way {
	const char *name;
	int plain;	/* libc's function, not ours */
	enum cx_strategy strategy;
	int filtered;	/* like Docker: auto is the helper */
	int is_helper;	/* the means that is taken where nothing is odd */
};

struct run {
	const struct scenario *scenario;
	const struct way *way;
	enum place place;
	sigset_t mask;		/* of the thread that execs */
};

/* A script whose interpreter is the dumper. */
extern char run_script[128];

/* In a child process, with the output to fd. */
_Noreturn void run_start(struct run *r, int fd);

#endif
