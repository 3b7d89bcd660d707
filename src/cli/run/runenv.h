/* SPDX-License-Identifier: MIT */
/* The environment of the program: what tells the loader and the shim. */
#ifndef CLI_RUNENV_H
#define CLI_RUNENV_H

/* One word for each variable; NULL leaves it as it is. */
struct runenv {
	const char *strategy;
	int no_inherit;
	int debug;
	const char *debug_file; /* NULL: standard error */
	const char *shim;	/* for LD_PRELOAD */
	const char *auditor;	/* for LD_AUDIT */
};

/* 0; or -1, and one line on standard error says why. */
int runenv_set(const struct runenv *c);

#endif
