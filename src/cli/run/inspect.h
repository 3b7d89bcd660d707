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

/* A file in memory.  If it is cut short meanwhile, SIGBUS ends us. */
struct inspect_image {
	const unsigned char *buf;
	size_t len;
};

/* Maps a regular file; 0, or -1 with errno. */
int inspect_map(const char *path, struct inspect_image *image);
void inspect_unmap(struct inspect_image *image);

/* Reads the ELF header of a file; 0, or -1.  *out holds no pointers. */
int inspect_header(const char *path, struct elffile *out);

/* The path of the loader that the ELF file asks for; 0, or -1 for none. */
int inspect_loader(const char *path, char loader[PATH_MAX]);

#endif
