/* SPDX-License-Identifier: MIT */
/* Where the program clonexec-watch is. */
#ifndef WATCHER_H
#define WATCHER_H

#include "locate.h"

/* 0; -ENOENT if it is not installed; -EPERM if somebody else could have put
   it there. */
int watcher_find(struct located *b);

#endif
