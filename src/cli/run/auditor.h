/* SPDX-License-Identifier: MIT */
/* Where libclonexec-audit.so is, and how it gets into LD_AUDIT. */
#ifndef CLI_AUDITOR_H
#define CLI_AUDITOR_H

#include <limits.h>
#include <stddef.h>

struct shim;

/* Finds it in the shim's directory, under the shim's rules.  Returns 0; or -1,
   and what is wrong in why[]. */
int auditor_find(const struct shim *shim, char path[PATH_MAX], char *why,
		 size_t size);

/* Puts it at the head of LD_AUDIT; 0, or -1 with errno. */
int auditor_prepend(const char *path);

#endif
