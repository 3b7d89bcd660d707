/* SPDX-License-Identifier: MIT */
/*
 * The processes with threads that run now: who could lose, and who is
 * protected, by what can be seen from outside.  Whether one ever execs a
 * set-user-ID program can't be seen.
 */
#ifndef PROCESSES_H
#define PROCESSES_H

#include <limits.h>

#include "remedy.h"

enum {
	PROCESSES_MOST = 32768, /* that are looked at */
	PROCESSES_GROUPS = 512,
};

enum processes_state {
	PROCESSES_OPEN,	   /* it can lose */
	PROCESSES_SHIM,	   /* libclonexec-preload.so is in its memory */
	PROCESSES_LIBRARY, /* libclonexec.so is */
	PROCESSES_GUARDED, /* the guard covers it */
	PROCESSES_NOTHING, /* no_new_privs: no exec gives it anything */
	PROCESSES_STATES
};

/* Processes of one program in one unit, in one state. */
struct processes_group {
	char path[PATH_MAX];
	struct unit unit;
	enum processes_state state;
	struct remedy remedy; /* of those that can lose */
	int count, threads;   /* threads: of the one that has most */
	int pid;	      /* of one of them */
};

struct processes {
	struct processes_group group[PROCESSES_GROUPS];
	int groups;
	int count[PROCESSES_STATES];
	int untold;		 /* in no group, for there are too many */
	int hidden;		 /* whose program only root may know */
	int watched;		 /* clonexec watch runs */
	unsigned long long room; /* bytes of programs that may yet be read */
};

/* guarded: the guard keeps the privileges of all.  0 or -errno. */
int processes_look(struct processes *p, int guarded, const char *shim);

const char *processes_state_name(enum processes_state state);

#endif
