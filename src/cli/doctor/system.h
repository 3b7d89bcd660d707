/* SPDX-License-Identifier: MIT */
/* What the kernel, its settings and this process's own limits allow. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include "guardstate.h"
#include "machine.h"

enum system_answer { SYSTEM_UNKNOWN, SYSTEM_NO, SYSTEM_YES };

struct system {
	struct machine machine;
	/* By the two witnesses of clonexec probe. */
	enum system_answer loses, refuses;
	const char *means; /* what auto is for a process like this one */
	int seccomp;	   /* this process's own mode */
	int guard_on, guard_hidden; /* hidden: it may be on */
	struct guard_about guard;
	char no_guard[128]; /* why there can be none; "": it can be */
	char preload[512];  /* /etc/ld.so.preload, in one line */
};

/* 0 or -errno. */
int system_look(struct system *s);

#endif
