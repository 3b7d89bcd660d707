/* SPDX-License-Identifier: MIT */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEST "clonexec-guard-test"

enum { MAGIC = 0x63677270, TRIES = 100, PAUSE_US = 10000 };

/* -ENOTDIR: it is no cgroup.  The number of a directory there is the id of its
   cgroup, and never that of a later one. */
static int open_directory(const char *path, unsigned long long *id)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = 0;
	struct statfs fs;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstatfs(fd, &fs) || fstat(fd, &st))
		error = -errno;
	else if (fs.f_type != MAGIC)
		error = -ENOTDIR;
	else
		*id = st.st_ino;
	if (!error)
		return fd;
	close(fd);
	return error;
}

static int say(int error, const char *path, char *why, size_t size)
{
	snprintf(why, size, "%.300s: %s", path,
		 error == -ENOTDIR ? "not a cgroup (version 2)" :
				     strerror(-error));
	return error;
}

int cgroup_find(const char *path, struct guard_about *about, char *why,
		size_t size)
{
	char whole[PATH_MAX];
	int fd;

	if (!realpath(path, whole))
		return say(-errno, path, why, size);
	if (strlen(whole) >= sizeof(about->cgroup))
		return say(-ENAMETOOLONG, path, why, size);
	fd = open_directory(whole, &about->cgroup_id);
	if (fd < 0)
		return say(fd, path, why, size);
	memcpy(about->cgroup, whole, strlen(whole) + 1);
	close(fd);
	return 0;
}

int cgroup_open(const struct guard_about *about, char *why, size_t size)
{
	unsigned long long id = 0;
	int fd = open_directory(about->cgroup, &id);

	if (fd < 0)
		return say(fd, about->cgroup, why, size);
	if (id == about->cgroup_id)
		return fd;
	close(fd);
	snprintf(why, size, "%.300s: the cgroup has been removed",
		 about->cgroup);
	return -ENOENT;
}

/* ---- A process there -------------------------------------------------- */

static int enter(int cgroup)
{
	int fd = openat(cgroup, TEST "/cgroup.procs", O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, "0", 1) != 1)
		error = -errno;
	close(fd);
	return error;
}

static int run(int cgroup, void (*work)(void *arg), void *arg)
{
	pid_t pid = fork();
	int status, error;

	if (pid < 0)
		return -errno;
	if (pid == 0) {
		error = enter(cgroup);
		if (!error)
			work(arg);
		_exit(-error);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

/* The kernel may need a moment for those that have ended in it. */
static void remove_test(int cgroup)
{
	int i;

	for (i = 0; i < TRIES; i++) {
		if (!unlinkat(cgroup, TEST, AT_REMOVEDIR) || errno != EBUSY)
			return;
		usleep(PAUSE_US);
	}
}

int cgroup_run(const struct guard_about *about, void (*work)(void *arg),
	       void *arg, char *why, size_t size)
{
	int cgroup = cgroup_open(about, why, size), error = 0;

	if (cgroup < 0)
		return cgroup;
	if (mkdirat(cgroup, TEST, 0755) && errno != EEXIST)
		error = -errno;
	if (!error)
		error = run(cgroup, work, arg);
	if (error)
		snprintf(why, size, "cannot test itself in %.300s: %s",
			 about->cgroup, strerror(-error));
	remove_test(cgroup);
	close(cgroup);
	return error;
}
