/* SPDX-License-Identifier: MIT */
#include "filecaps.h"

#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/xattr.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>

static uint64_t word(const unsigned char *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	       (uint64_t)p[3] << 24;
}

/* struct vfs_ns_cap_data, or a shorter one without rootid or upper words. */
int filecaps_parse(const unsigned char *bytes, long size,
		   struct filecaps *caps)
{
	uint64_t revision;

	if (size < (long)XATTR_CAPS_SZ_1)
		return -EINVAL;
	revision = word(bytes) & VFS_CAP_REVISION_MASK;
	caps->permitted = word(bytes + 4);
	caps->inheritable = word(bytes + 8);
	if (revision == VFS_CAP_REVISION_1 && size == (long)XATTR_CAPS_SZ_1)
		return 0;
	if (!(revision == VFS_CAP_REVISION_2 &&
	      size == (long)XATTR_CAPS_SZ_2) &&
	    !(revision == VFS_CAP_REVISION_3 &&
	      size == (long)XATTR_CAPS_SZ_3))
		return -EINVAL;
	caps->permitted |= word(bytes + 12) << 32;
	caps->inheritable |= word(bytes + 16) << 32;
	return 0;
}

static int read_one(const char *path, uint64_t inode, struct filecaps *caps)
{
	unsigned char bytes[64];
	struct stat st;
	ssize_t n;

	if (stat(path, &st) || st.st_ino != inode)
		return -ENOENT;
	n = getxattr(path, XATTR_NAME_CAPS, bytes, sizeof(bytes));
	if (n < 0)
		return errno == ENODATA || errno == EOPNOTSUPP ? -ENODATA
							       : -ENOENT;
	return filecaps_parse(bytes, n, caps) ? -ENODATA : 0;
}

int filecaps_read(int pid, int parent, const char *path, uint64_t inode,
		  struct filecaps *caps)
{
	char name[PATH_MAX];
	int error;

	snprintf(name, sizeof(name), "/proc/%d/exe", pid);
	error = read_one(name, inode, caps);
	if (error != -ENOENT || !path)
		return error;
	if (snprintf(name, sizeof(name), "/proc/%d/root%s", parent, path) <
	    (int)sizeof(name)) {
		error = read_one(name, inode, caps);
		if (error != -ENOENT)
			return error;
	}
	return read_one(path, inode, caps);
}
