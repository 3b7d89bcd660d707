/* SPDX-License-Identifier: MIT */
/*
 * What the extended attribute security.capability of a file says.  All of it is
 * here and not in an object file, because the library has it, too, and exports
 * nothing but its own.
 */
#ifndef FILECAPS_H
#define FILECAPS_H

#include <errno.h>
#include <linux/capability.h>
#include <linux/xattr.h>
#include <stdint.h>

struct filecaps {
	uint64_t permitted, inheritable;
	int effective;
	int revision; /* 1 to 3 */
};

/* The longest one, and some more, so that a longer one is seen to be one. */
enum { FILECAPS_ROOM = 64 };

static inline uint64_t filecaps_word(const unsigned char *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	       (uint64_t)p[3] << 24;
}

/*
 * From the bytes of the attribute: struct vfs_ns_cap_data, or a shorter one
 * without rootid or upper words, which is what its revision says.  One that
 * belongs to a user namespace is shown as revision 2 in that namespace and
 * below it, and as 3 elsewhere, where it grants nothing.  0 or -EINVAL.
 */
static inline int filecaps_parse(const unsigned char *bytes, long size,
				 struct filecaps *caps)
{
	uint64_t magic;

	if (size < (long)XATTR_CAPS_SZ_1)
		return -EINVAL;
	magic = filecaps_word(bytes);
	caps->effective = (magic & VFS_CAP_FLAGS_EFFECTIVE) != 0;
	caps->permitted = filecaps_word(bytes + 4);
	caps->inheritable = filecaps_word(bytes + 8);
	switch (magic & VFS_CAP_REVISION_MASK) {
	case VFS_CAP_REVISION_1:
		caps->revision = 1;
		return size == (long)XATTR_CAPS_SZ_1 ? 0 : -EINVAL;
	case VFS_CAP_REVISION_2:
		caps->revision = 2;
		if (size != (long)XATTR_CAPS_SZ_2)
			return -EINVAL;
		break;
	case VFS_CAP_REVISION_3:
		caps->revision = 3;
		if (size != (long)XATTR_CAPS_SZ_3)
			return -EINVAL;
		break;
	default:
		return -EINVAL;
	}
	caps->permitted |= filecaps_word(bytes + 12) << 32;
	caps->inheritable |= filecaps_word(bytes + 16) << 32;
	return 0;
}

#endif
