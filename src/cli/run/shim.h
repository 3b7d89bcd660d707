/* SPDX-License-Identifier: MIT */
/* Where libclonexec-preload.so is, and how it gets into LD_PRELOAD. */
#ifndef CLI_SHIM_H
#define CLI_SHIM_H

#include <limits.h>

/*
 * The absolute path of the shim: $CLONEXEC_PRELOAD if that is set, else next
 * to this command, else where it was installed.  Returns 0; or -1 and what
 * was looked for in path.
 */
int shim_find(char path[PATH_MAX]);

/*
 * Puts the shim at the head of LD_PRELOAD, unless it is in it already.
 * Returns 0, or -1 with errno; EINVAL: LD_PRELOAD can't express the path.
 */
int shim_prepend(const char *path);

#endif
