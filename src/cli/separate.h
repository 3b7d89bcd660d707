/* SPDX-License-Identifier: MIT */
/*
 * Commands that programs of their own carry out (src/watch, src/guard): so this
 * one needs no library, and is there where those cannot be built.
 */
#ifndef SEPARATE_H
#define SEPARATE_H

#include "locate.h"

/*
 * Where it is: beside the built command, or below the installed one.  0;
 * -ENOENT if it is not there; -EPERM if somebody else could have put it there.
 */
int separate_find(const char *built, const char *installed,
		  struct located *found);

/*
 * Becomes clonexec-COMMAND, which was found as `error` and `found` tell; the
 * exit status if that cannot be done, after saying why.
 */
int separate_run(const char *command, int error, const struct located *found,
		 char **argv);

#endif
