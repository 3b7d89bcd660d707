/* SPDX-License-Identifier: MIT */
/* An ELF file in memory, and what is read from one in passing. */
#ifndef CLI_ELFMAP_H
#define CLI_ELFMAP_H

#include <limits.h>
#include <stddef.h>

#include "elffile.h"

/* A file in memory.  If it is cut short meanwhile, SIGBUS ends us. */
struct elfmap {
	const unsigned char *buf;
	size_t len;
};

/* Maps a regular file; 0, or -1 with errno. */
int elfmap_open(const char *path, struct elfmap *map);
void elfmap_close(struct elfmap *map);

/* Reads the ELF header of a file; 0, or -1.  *out holds no pointers. */
int elfmap_header(const char *path, struct elffile *out);

/* The path of the loader that the ELF file asks for; 0, or -1 for none. */
int elfmap_loader(const char *path, char loader[PATH_MAX]);

#endif
