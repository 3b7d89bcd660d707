/* SPDX-License-Identifier: MIT */
#include "eventcaps.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

/* ---- Is it the file that the event saw? ------------------------------- */

/* Which mount this descriptor's file was found in; 0 if nothing tells. */
static int mount_of(int fd)
{
	char name[64], line[128];
	int mount = 0;
	FILE *in;

	snprintf(name, sizeof(name), "/proc/self/fdinfo/%d", fd);
	in = fopen(name, "re");
	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "mnt_id: %d", &mount) == 1)
			break;
	if (in)
		fclose(in);
	return mount;
}

/* A mount's device, from the mount namespace of this process. */
static int device_in(const char *process, int mount, uint32_t *device)
{
	char name[64], *line = NULL;
	unsigned int major, minor;
	size_t size = 0;
	int id, found = 0;
	FILE *in;

	snprintf(name, sizeof(name), "/proc/%s/mountinfo", process);
	in = fopen(name, "re");
	while (in && !found && getline(&line, &size, in) > 0)
		found = sscanf(line, "%d %*d %u:%u ", &id, &major, &minor) ==
				3 &&
			id == mount;
	if (in)
		fclose(in);
	free(line);
	if (found)
		*device = major << EVENT_MINOR_BITS | minor;
	return found;
}

/*
 * stat() has numbers of their own for the subvolumes of btrfs and the layers
 * of overlayfs.  The kernel's half told that of the whole file system, and so
 * does mountinfo.
 */
static int is_on(const struct event *e, int fd, dev_t device)
{
	unsigned int ids[] = { e->pid, e->parent };
	int mount;
	char process[16];
	uint32_t found;
	size_t i;

	if ((major(device) << EVENT_MINOR_BITS | minor(device)) == e->device)
		return 1;
	mount = mount_of(fd);
	if (device_in("self", mount, &found))
		return found == e->device;
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		snprintf(process, sizeof(process), "%u", ids[i]);
		if (device_in(process, mount, &found))
			return found == e->device;
	}
	return 0;
}

static int is_same(const struct event *e, int fd)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_ino == e->inode &&
	       is_on(e, fd, st.st_dev);
}

/* ---- Reading ---------------------------------------------------------- */

static int read_caps(int fd, struct filecaps *caps)
{
	unsigned char bytes[FILECAPS_ROOM];
	char name[64];
	ssize_t n;

	/* fgetxattr() does not take a descriptor that opened nothing. */
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = getxattr(name, XATTR_NAME_CAPS, bytes, sizeof(bytes));
	if (n < 0)
		return errno == ENODATA || errno == EOPNOTSUPP ? -ENODATA :
								 -ENOENT;
	return filecaps_parse(bytes, n, caps) ? -ENODATA : 0;
}

/* What is compared is what is read, whatever happens to the path. */
static int read_one(const struct event *e, const char *path,
		    struct filecaps *caps)
{
	int fd = open(path, O_PATH | O_CLOEXEC), error = -ENOENT;

	if (fd < 0)
		return -ENOENT;
	if (is_same(e, fd))
		error = read_caps(fd, caps);
	close(fd);
	return error;
}

int eventcaps_read(const struct event *e, const char *path,
		   struct filecaps *caps)
{
	char name[PATH_MAX];
	int error;

	snprintf(name, sizeof(name), "/proc/%u/exe", e->pid);
	error = read_one(e, name, caps);
	if (error != -ENOENT || !path)
		return error;
	if (snprintf(name, sizeof(name), "/proc/%u/root%s", e->parent, path) <
	    (int)sizeof(name)) {
		error = read_one(e, name, caps);
		if (error != -ENOENT)
			return error;
	}
	return read_one(e, path, caps);
}
