/* SPDX-License-Identifier: MIT */
/* A path of an event, from the names that path.bpf.h collected. */
#ifndef WATCH_PATH_H
#define WATCH_PATH_H

#include "event.h"

enum { PATH_TEXT = EVENT_PATH + EVENT_NAME + 8 };

/* Into text; returns it, or NULL if nothing is known.  A path that was too
   deep to be read up to the root begins with "...". */
const char *path_join(const struct event_names *names, char text[PATH_TEXT]);

#endif
