/* SPDX-License-Identifier: MIT */
/*
 * A process that shares its file system context with the caller: to
 * check_unsafe_exec() it looks as a creation in the window does, on every
 * kernel, and for as long as one likes.
 */
#ifndef SHARER_H
#define SHARER_H

#include "race-child.h"

/*
 * Starts it.  It ends with the thread that calls this, or release_ms after
 * page->started if that is not 0.  0 or -errno.
 */
int sharer_start(struct race_page *page, int release_ms);

#endif
