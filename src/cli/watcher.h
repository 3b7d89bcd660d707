/* SPDX-License-Identifier: MIT */
/* Where the program clonexec-watch is. */
#ifndef WATCHER_H
#define WATCHER_H

#include <limits.h>

/* 0, or -1 if it is not installed. */
int watcher_find(char path[PATH_MAX]);

#endif
