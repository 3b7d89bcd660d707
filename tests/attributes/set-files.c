/* SPDX-License-Identifier: MIT */
/* Scenarios: descriptors, locks, directories. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scenario.h"

static int descriptors(void)
{
	int fd = open("/dev/null", O_RDWR | O_APPEND | O_NONBLOCK);

	if (fd < 0)
		return errno;
	dup2(fd, 40);
	dup3(fd, 41, O_CLOEXEC);
	dup2(epoll_create1(0), 42);
	dup2(eventfd(5, 0), 43);
	lseek(dup2(open("/etc/passwd", O_RDONLY), 44), 12, SEEK_SET);
	return 0;
}

/* No name is left behind. */
static int scratch_file(void)
{
	char path[] = "/tmp/clonexec-attributes-XXXXXX";
	int fd = mkstemp(path);

	if (fd >= 0)
		unlink(path);
	return fd;
}

static int posix_lock(void)
{
	struct flock l = { .l_type = F_WRLCK, .l_start = 10, .l_len = 10 };
	int fd = scratch_file();

	return scenario_errno(fcntl(fd, F_SETLK, &l));
}

/* On the very file that is to be exec'ed: to open and close it would drop
   this lock. */
static int lock_on_target(void)
{
	struct flock l = { .l_type = F_RDLCK };
	int fd = open(scenario_dumper, O_RDONLY);

	if (fd < 0)
		return errno;
	return scenario_errno(fcntl(fd, F_SETLK, &l));
}

/* The descriptor is closed by exec, and the lock goes with it. */
static int lock_on_target_cloexec(void)
{
	struct flock l = { .l_type = F_RDLCK };
	int fd = open(scenario_dumper, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	return scenario_errno(fcntl(fd, F_SETLK, &l));
}

static int ofd_lock(void)
{
	struct flock l = { .l_type = F_WRLCK };
	int fd = scratch_file();

	return scenario_errno(fcntl(fd, F_OFD_SETLK, &l));
}

static int bsd_lock(void)
{
	return scenario_errno(flock(scratch_file(), LOCK_EX));
}

static int lease(void)
{
	return scenario_errno(fcntl(scratch_file(), F_SETLEASE, F_WRLCK));
}

static int io_signal(void)
{
	int fd = dup2(open("/dev/null", O_RDWR), 50);

	return scenario_errno(fcntl(fd, F_SETSIG, SIGRTMIN + 9));
}

static int working_directory(void)
{
	return scenario_errno(chdir("/usr/lib"));
}

/* With no /proc in it, so the dumper says less, but the same. */
static int root_directory(void)
{
	char dir[512];

	snprintf(dir, sizeof dir, "%s", scenario_dumper);
	*strrchr(dir, '/') = '\0';
	return chroot(dir) ? errno : scenario_errno(chdir("/"));
}

static int deleted_directory(void)
{
	char path[] = "/tmp/clonexec-deleted-XXXXXX";

	if (!mkdtemp(path) || chdir(path))
		return errno;
	return scenario_errno(rmdir(path));
}

static int file_mode_mask(void)
{
	umask(0137);
	return 0;
}

static const struct scenario list[] = {
	{ "descriptors with flags", "fds", descriptors, NULL, 0 },
	{ "an fcntl lock", "locks", posix_lock, NULL, 0 },
	{ "an fcntl lock on the target", "locks", lock_on_target, NULL, 0 },
	{ "an fcntl lock on the target, close-on-exec", NULL,
	  lock_on_target_cloexec, NULL, 0 },
	{ "an open file description lock", "lock", ofd_lock, NULL, 0 },
	{ "a flock", "lock", bsd_lock, NULL, 0 },
	{ "a lease", "lock", lease, NULL, 0 },
	{ "F_SETSIG", "fd.50.flags", io_signal, NULL, 0 },
	{ "a working directory", "proc.cwd", working_directory, NULL, 0 },
	{ "a deleted working directory", "proc.cwd", deleted_directory, NULL,
	  0 },
	{ "chroot", "proc.root", root_directory, NULL, BY_ROOTED_PATH },
	{ "a umask", "umask", file_mode_mask, NULL, 0 },
};

const struct scenario_list scenarios_of_files = SCENARIO_LIST(list);
