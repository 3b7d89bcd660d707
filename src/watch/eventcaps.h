/* SPDX-License-Identifier: MIT */
/*
 * Which capabilities a file grants.  The kernel's half does not see them, so
 * they are read from the file, as far as it can still be found.
 */
#ifndef EVENTCAPS_H
#define EVENTCAPS_H

#include <stdint.h>

#include "event.h"
#include "filecaps.h"

/*
 * Of the file that the event is about: the process's, or once that is gone
 * the one at path, as its parent or we ourselves see it.  Only what has the
 * device and the inode number that the kernel saw is believed: by then the
 * path may lead to somebody else's file.  0, -ENODATA if it grants none,
 * -ENOENT if it was not found.
 */
int eventcaps_read(const struct event *e, const char *path,
		   struct filecaps *caps);

#endif
