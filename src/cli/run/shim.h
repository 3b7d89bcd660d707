/* SPDX-License-Identifier: MIT */
/* Where libclonexec-preload.so is, and how it gets into LD_PRELOAD. */
#ifndef CLI_SHIM_H
#define CLI_SHIM_H

#include <limits.h>
#include <stddef.h>

/*
 * The absolute path of the shim: $CLONEXEC_PRELOAD if that is set, which
 * whoever runs us is trusted with; else next to this command or where it was
 * installed, if nobody else could have put it there (beside.h).  Returns 0;
 * or -1, and what is wrong in why[].
 */
int shim_find(char path[PATH_MAX], char *why, size_t size);

/*
 * Puts the shim at the head of LD_PRELOAD, unless it is in it already.
 * Returns 0, or -1 with errno; EINVAL: LD_PRELOAD can't express the path.
 */
int shim_prepend(const char *path);

#endif
