/* SPDX-License-Identifier: MIT */
/*
 * An ELF file in memory, read as it stands: by class and byte order, and never
 * outside of it, whatever its headers say.
 */
#ifndef ELFVIEW_H
#define ELFVIEW_H

#include <stddef.h>
#include <stdint.h>

/* One file in memory, and how its numbers are written. */
struct elfview {
	const unsigned char *buf;
	size_t len;
	int wide; /* 64-bit */
	int big;  /* big-endian */
};

/* A stretch of the file. */
struct elfview_span {
	uint64_t off;
	uint64_t size;
};

struct elfview_segment {
	uint32_t type;
	uint32_t flags;
	uint64_t addr;
	struct elfview_span file;
};

/* Looks at e_ident.  0, or -1: it is no ELF file. */
int elfview_open(struct elfview *v, const unsigned char *buf, size_t len);

int elfview_fits(const struct elfview *v, uint64_t off, uint64_t size);

/* The unsigned number in n bytes at off; 0 where the file ends before. */
uint64_t elfview_number(const struct elfview *v, uint64_t off, unsigned int n);

/* A field that is an address or an offset: as wide as the file's class. */
uint64_t elfview_word(const struct elfview *v, uint64_t off);

/* The string at off, if it ends within max bytes and within the file. */
const char *elfview_string(const struct elfview *v, uint64_t off, uint64_t max);

/* How many segments there are to look at. */
unsigned int elfview_segment_count(const struct elfview *v);
struct elfview_segment elfview_segment(const struct elfview *v, unsigned int i);

/* Where in the file the byte at this address is; past the end if nowhere. */
uint64_t elfview_offset(const struct elfview *v, uint64_t addr);

/*
 * Section number i of the table that the file may still have.  0, or -1: there
 * is no such section, or more than are worth a look.
 */
struct elfview_section {
	uint32_t name;
	uint32_t type;
	uint32_t link;
	struct elfview_span file;
};
int elfview_section(const struct elfview *v, unsigned int i,
		    struct elfview_section *out);

#endif
