/* SPDX-License-Identifier: MIT */
/*
 * Commands that programs of their own carry out (src/watch, src/guard): so this
 * one needs no library, and is there where those cannot be built.
 */
#ifndef SEPARATE_H
#define SEPARATE_H

#include "locate.h"

/*
 * Becomes clonexec-COMMAND, which was found as `error` and `found` tell; the
 * exit status if that cannot be done, after saying why.
 */
int separate_run(const char *command, int error, const struct located *found,
		 char **argv);

#endif
