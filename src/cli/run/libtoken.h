/* SPDX-License-Identifier: MIT */
/*
 * $LIB in a path of LD_PRELOAD: glibc's loader puts there the name of its own
 * library directory ("lib64", or "lib/x86_64-linux-gnu"), so that one value
 * serves 32- and 64-bit programs.  musl's takes it as it stands.
 */
#ifndef CLI_LIBTOKEN_H
#define CLI_LIBTOKEN_H

#include <limits.h>

/* Whether the path has $LIB or ${LIB} in it. */
int libtoken_is_in(const char *path);

/* The path as this glibc loader would have it.  0, or -1. */
int libtoken_expand(const char *path, const char *loader,
		    char expanded[PATH_MAX]);

#endif
