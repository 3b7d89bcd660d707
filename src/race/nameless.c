/* SPDX-License-Identifier: MIT */
#include "nameless.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int usable(const char *dir, unsigned long bad)
{
	struct statvfs fs;

	return dir && dir[0] == '/' && !access(dir, W_OK | X_OK) &&
	       !statvfs(dir, &fs) && !(fs.f_flag & bad);
}

/* If set-id bits count nowhere, the user namespace can still be tried. */
const char *nameless_base(void)
{
	const char *base[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
	const unsigned long bad[] = { ST_NOEXEC | ST_NOSUID, ST_NOEXEC };
	size_t i, pass;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < sizeof(base) / sizeof(base[0]); i++)
			if (usable(base[i], bad[pass]))
				return base[i];
	return NULL;
}

/*
 * A new file without a name.  Not all file systems make them (overlayfs since
 * Linux 6.1, NFS not at all): there it has one for a moment, in which it is
 * empty and grants nothing.
 */
int nameless_open(const char *base)
{
	char name[PATH_MAX];
	int fd = open(base, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), error;

	if (fd >= 0)
		return fd;
	if (snprintf(name, sizeof(name), "%s/clonexec-XXXXXX", base) >=
	    (int)sizeof(name))
		return -ENAMETOOLONG;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!unlink(name))
		return fd;
	error = -errno;
	close(fd);
	return error;
}

int nameless_open_again(int fd, char path[PATH_MAX])
{
	int again, error;

	snprintf(path, PATH_MAX, "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY | O_CLOEXEC);
	error = again < 0 ? -errno : again;
	close(fd);
	snprintf(path, PATH_MAX, "/proc/self/fd/%d", again);
	return error;
}

int nameless_write(int fd, const char *p, size_t size)
{
	const char *end = p + size;

	while (p < end) {
		ssize_t n = write(fd, p, (size_t)(end - p));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		p += n;
	}
	return 0;
}
