/* SPDX-License-Identifier: MIT */
/* What the user says to the shim, by environment variables. */
#ifndef PRELOAD_CONFIG_H
#define PRELOAD_CONFIG_H

#include "clonexec.h"

struct config {
	enum cx_strategy strategy; /* CLONEXEC_STRATEGY */
	const char *unknown;	   /* its value, if that means nothing */
	int disable;		   /* CLONEXEC_DISABLE */
	int debug;		   /* CLONEXEC_DEBUG */
	int no_inherit;		   /* CLONEXEC_NO_INHERIT */
};

/*
 * As the environment said when the program was started (where that can't be
 * told: as it says now), or as it did at config_keep().  Without either, and in
 * secure-execution mode, the defaults.
 */
struct config config_get(void);

/* The same word for CLONEXEC_DISABLE, where it is known without environ; and
   then kept.  A child of vfork keeps a truth for its parent. */
int config_is_disabled(void);

/*
 * Reads the environment for good, so that a program which changes it later
 * changes nothing here.  Not in a child of vfork, unless it is the environment
 * that the program was started with.
 */
void config_keep(void);

/* Where CLONEXEC_DEBUG says that lines go to, kept as the rest is; or NULL. */
const char *config_debug(void);

/* An environment variable's value, or NULL. */
const char *config_variable(char *const *envp, const char *name);

/* A variable that is for us and not for the program, or NULL. */
const char *config_users(const char *name);

/* The process's own environment; NULL if it has none (yet). */
char *const *config_environ(void);

#endif
