/* SPDX-License-Identifier: MIT */
/*
 * A cgroup of our own with bounds on memory and processes, below the one
 * that we are in: a soak that runs wild hurts nobody else.  cgroup v2, or v1
 * with a hierarchy for each controller.
 */
#ifndef BOX_H
#define BOX_H

#include <limits.h>

/* Threads that have ended count for a while: 1024 were reached once in 30
   minutes, by a machine that was busy otherwise. */
enum { BOX_MEMORY_MB = 2048, BOX_PROCESSES = 8192 };

struct box {
	int version;		/* 1 or 2 */
	char memory[PATH_MAX];	/* the same directory twice for v2 */
	char pids[PATH_MAX];
};

struct box_report {
	long oom_kills;
	long refused;		/* forks and clones, by the bound */
	long peak_kb;		/* -1: not known */
};

/* 0, or -1 with the reason in why. */
int box_make(struct box *b, char *why, unsigned int size);

/* This process, and what it starts from now on. */
int box_enter(const struct box *b);

void box_read(const struct box *b, struct box_report *r);

/* When all that was in it has ended. */
void box_remove(const struct box *b);

#endif
