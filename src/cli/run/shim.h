/* SPDX-License-Identifier: MIT */
/* Where libclonexec-preload.so is, and how it gets into LD_PRELOAD. */
#ifndef CLI_SHIM_H
#define CLI_SHIM_H

#include <limits.h>

#include "elffile.h"

struct shim {
	char path[PATH_MAX]; /* for LD_PRELOAD: absolute; $LIB may be in it */
	int expands;	     /* it is: which file it is depends on the loader */
	struct elffile header; /* of the file that our own loader would take */
};

/*
 * Finds it: $CLONEXEC_PRELOAD if that is set, which whoever runs us is
 * trusted with; else next to this command or where it was installed, if
 * nobody else could have put it there (locate.h).  Returns 0; or -1, and
 * what is wrong in why[].
 */
int shim_find(struct shim *s, char *why, size_t size);

/*
 * The header of the file that a program with this loader (NULL: none) would
 * be given.  0, or -1 if there is no such file.
 */
int shim_for(const struct shim *s, const char *loader, struct elffile *out);

/*
 * Puts the shim at the head of LD_PRELOAD, unless it is in it already.
 * Returns 0, or -1 with errno; EINVAL: LD_PRELOAD can't express the path.
 */
int shim_prepend(const char *path);

#endif
