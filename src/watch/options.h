/* SPDX-License-Identifier: MIT */
/* The command line of `clonexec watch`. */
#ifndef OPTIONS_H
#define OPTIONS_H

struct options {
	int json;
	int eagain;
	int quiet;
	int verbose;
	int help;
	long pid;	  /* 0: every process */
	long count;	  /* of losses; 0: no end */
	double duration;  /* seconds; 0: no end */
	long limit;	  /* events a second for each origin; 0: none */
	long buffer;	  /* KiB */
	const char *comm; /* or NULL */
	int journal;
	const char *metrics; /* a file, or NULL */
	const char *output;  /* a file for the events; "-": stdout; or NULL */
	const char *hooks;   /* or NULL: the newest that work */
	char **program;	     /* --exec: PROG ARG... NULL; or NULL */
};

/* 0, or -1 after saying on stderr what is wrong. */
int options_parse(int argc, char **argv, struct options *o);
void options_help(void);

#endif
