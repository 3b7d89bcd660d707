/* SPDX-License-Identifier: MIT */
/*
 * Which capabilities a file grants.  The kernel's half does not see them, so
 * they are read from the file, as far as it can still be found.
 */
#ifndef FILECAPS_H
#define FILECAPS_H

#include <stdint.h>

struct filecaps {
	uint64_t permitted, inheritable;
};

/*
 * Of the file that a process executes: pid's, or once that is gone the one
 * at path, as pid's parent or we ourselves see it, if its inode has this
 * number.  0, -ENODATA if it grants none, -ENOENT if it was not found.
 */
int filecaps_read(int pid, int parent, const char *path, uint64_t inode,
		  struct filecaps *caps);

/* From the bytes of security.capability.  0 or -EINVAL. */
int filecaps_parse(const unsigned char *bytes, long size,
		   struct filecaps *caps);

#endif
