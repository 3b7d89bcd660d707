/* SPDX-License-Identifier: MIT */
/*
 * What an ELF file says about how it will be started: just enough to tell
 * whether a library can be preloaded into it.
 */
#ifndef ELFFILE_H
#define ELFFILE_H

#include <stddef.h>

enum elffile_libc {
	ELFFILE_NONE, /* no loader: static, or a loader itself */
	ELFFILE_GLIBC,
	ELFFILE_MUSL,
	ELFFILE_OTHER, /* a loader that is neither's */
};

struct elffile {
	unsigned int bits; /* 32 or 64 */
	unsigned int big_endian;
	unsigned int type;    /* ET_EXEC, ET_DYN */
	unsigned int machine; /* EM_... */
	enum elffile_libc libc;
	int go;		    /* carries Go's build information */
	int may_load;	    /* names dlopen or dlsym, or needs libraries
			       (besides libc's own) that may */
	const char *interp; /* PT_INTERP, in the buffer; NULL: static */
	const char *soname; /* DT_SONAME, in the buffer, or NULL */
};

/*
 * Fills *out from the len bytes of a whole file.  Returns 0, or -1 if the
 * kernel would not start it as ELF.  Safe on any input: nothing outside of
 * the buffer is read, and the work is bounded whatever the headers say.
 */
int elffile_parse(const unsigned char *buf, size_t len, struct elffile *out);

/*
 * Whether a library has an exec function of its own, by its dynamic symbols: 1,
 * 0, or -1 where it can't be told.  As safe as elffile_parse().
 */
int elffile_defines_exec(const unsigned char *buf, size_t len);

/* The usual name of a machine ("x86-64"), or NULL. */
const char *elffile_machine_name(unsigned int machine);

/* Whether a file name is one of the dynamic loaders, and whose. */
enum elffile_libc elffile_loader_libc(const char *path);

#endif
