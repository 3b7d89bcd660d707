/* SPDX-License-Identifier: MIT */
/* Can the shim be preloaded into this program? */
#ifndef CLI_INSPECT_H
#define CLI_INSPECT_H

#include "elffile.h"
#include "shim.h"

#include <limits.h>

enum inspect_verdict {
	INSPECT_COVERED,
	INSPECT_STATIC,		/* no dynamic loader */
	INSPECT_SECURE,		/* LD_PRELOAD is ignored */
	INSPECT_FOREIGN,	/* other class or machine than the shim */
	INSPECT_GO,		/* makes the exec system call itself */
	INSPECT_LOADER,		/* a libc that is neither glibc nor musl */
	INSPECT_UNREADABLE,	/* can't be told */
	INSPECT_NOT_EXECUTABLE, /* found, but exec will fail */
	INSPECT_NOT_FOUND,
};

struct inspect {
	enum inspect_verdict verdict;
	char path[PATH_MAX]; /* the file that the verdict is about */
	char reason[256];    /* a clause: "it is linked statically, ..." */
	enum elffile_libc libc;
	int may_load;	  /* it may load libraries while it runs */
	int is_env;	  /* it is env(1), by its name */
	int has_argument; /* on the #! line that named it */
};

/*
 * Follows prog as execvp(3) and the kernel would (PATH, then #! lines, then
 * "#!/usr/bin/env NAME") to the ELF file that will run, and judges it for
 * this shim.
 */
void inspect_program(const char *prog, const struct shim *shim,
		     struct inspect *out);

#endif
