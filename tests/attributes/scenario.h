/* SPDX-License-Identifier: MIT */
/* What a thread does to itself before it execs the dumper. */
#ifndef SCENARIO_H
#define SCENARIO_H

/* How the dumper is named to exec. */
enum scenario_call {
	BY_PATH,
	BY_RELATIVE_PATH, /* and the directory with it */
	BY_SEARCH,	  /* execvp */
	BY_DESCRIPTOR,	  /* fexecve */
	BY_ROOTED_PATH,	  /* its directory is the root */
	BY_SCRIPT,	  /* as the interpreter of a #! file */
};

struct scenario {
	const char *name;
	/* The key of the dump in which it shows: the scenario's own control.
	   NULL where exec resets the attribute, which is worth a test too. */
	const char *shows;
	/* In the thread that execs.  0, or the errno that says why it cannot
	   be tried here. */
	int (*set)(void);
	/* In the only thread, before there are others.  May be NULL. */
	int (*prepare)(void);
	enum scenario_call call;
};

struct scenario_list {
	const struct scenario *first;
	unsigned int count;
};

extern const struct scenario_list scenarios_of_signals;
extern const struct scenario_list scenarios_of_tasks;
extern const struct scenario_list scenarios_of_schedulers;
extern const struct scenario_list scenarios_of_credentials;
extern const struct scenario_list scenarios_of_files;
extern const struct scenario_list scenarios_of_processes;

#define SCENARIO_LIST(array) { array, sizeof(array) / sizeof *(array) }

/* A child that the dumper is to look at; 0 if there is none. */
extern int scenario_child;

/* The dumper's path. */
extern const char *scenario_dumper;

/* 0 if the call worked, else its errno. */
int scenario_errno(long r);

#endif
