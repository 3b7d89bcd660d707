/* SPDX-License-Identifier: MIT */
/* Files that come with this command: an installed tree may have moved. */
#ifndef BESIDE_H
#define BESIDE_H

#include <limits.h>

/* The absolute path of a file that exists.  0 or -1. */
int beside_resolve(const char *candidate, char path[PATH_MAX]);

/* The same for dir/rel, where dir is that of this command. */
int beside_command(const char *rel, char path[PATH_MAX]);

#endif
