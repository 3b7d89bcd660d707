/* SPDX-License-Identifier: MIT */
/*
 * Becoming the one who calls exec in the race: an unprivileged user, or root
 * of a user namespace without capabilities.  While there is one thread.
 * Functions return 0 or -errno.
 */
#ifndef CALLER_H
#define CALLER_H

#include "target.h"

/*
 * Whom root becomes: nobody, or in a user namespace that does not map that id,
 * another one that it maps.  -ENOENT: it maps no one else.
 */
int caller_choose(struct target_caller *caller);

/* Whether this user namespace maps no more than one id, whosever it is. */
int caller_is_alone(void);

/* Gives up root for these ids, without supplementary groups. */
int caller_drop(const struct target_caller *caller);

/* Enters a user namespace as its root and drops all capabilities. */
int caller_enter_userns(void);

#endif
