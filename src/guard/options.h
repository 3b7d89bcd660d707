/* SPDX-License-Identifier: MIT */
/* The command line of `clonexec guard`. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "guard.h"

enum options_command {
	COMMAND_START,
	COMMAND_STOP,
	COMMAND_STATUS,
	COMMAND_RUN,
	COMMANDS
};

struct options {
	enum options_command command;
	enum guard_mode mode;
	int strict;
	int replace;
	int json;
	int quiet;
	int verbose;
	int help;
	long bound_ms;
	const char *cgroup; /* or NULL */
	char **program;	    /* run: PROG ARG... NULL; or NULL */
};

/* 0, or -1 after saying on stderr what is wrong. */
int options_parse(int argc, char **argv, struct options *o);
void options_help(void);

const char *options_mode_name(unsigned int mode);

#endif
