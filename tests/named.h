/* SPDX-License-Identifier: MIT */
/* Targets (src/race/target.h) under names, for tests that are about those. */
#ifndef NAMED_H
#define NAMED_H

#include "target.h"

/*
 * A directory that nobody else sees, and which ends with the last process
 * that sees it: a tmpfs over this one, in a mount namespace of our own.
 * $TMPDIR is then that.  Returns it, or NULL with errno.
 */
const char *named_place(void);

/*
 * Gives each copy that there is its kind's name in dir, which is to be on the
 * file system that targets_make() found ($TMPDIR), and the paths in *t are
 * then those.  The names stay.  0 or -errno.
 */
int named_targets(struct targets *t, const char *dir);

#endif
