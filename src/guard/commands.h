/* SPDX-License-Identifier: MIT */
/* What `clonexec guard` can be told to do; each returns the exit status. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "options.h"

enum { EXIT_OFF = 1 };

int start_command(const struct options *o);
int stop_command(const struct options *o);
int status_command(const struct options *o);
int run_command(const struct options *o);

#endif
