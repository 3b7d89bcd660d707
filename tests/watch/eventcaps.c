/* SPDX-License-Identifier: MIT */
/*
 * Whose capabilities are told: those of the file that the kernel saw, and of
 * no other that has taken its path or its inode number.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "eventcaps.h"
#include "tap.h"

enum { NET_RAW = 13, CHOWN = 0 };

/* No process has this number, so only the path is left. */
enum { NOBODY = 0x7fffffff };

/* A mount namespace of our own, and in it an empty directory. */
static void begin(void)
{
	tap_need_root();
	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("place", "/mnt", "tmpfs", 0, NULL) || chdir("/mnt"))
		tap_skip("nothing can be mounted here: %s", strerror(errno));
}

static void make(const char *path, int capability)
{
	unsigned char value[20] = { 1, 0, 0, 2 };
	int fd = open(path, O_CREAT | O_WRONLY, 0755);

	value[4 + capability / 8] = (unsigned char)(1 << capability % 8);
	check(fd >= 0, "%s: %s", path, strerror(errno));
	if (fsetxattr(fd, "security.capability", value, sizeof(value), 0))
		tap_skip("no file capabilities here: %s", strerror(errno));
	close(fd);
}

/* As the kernel's half tells it: by the number of the whole file system. */
static struct event seen(const char *path, unsigned int device)
{
	struct event e = { .pid = NOBODY, .parent = NOBODY };
	struct stat st;

	check(!stat(path, &st), "%s: %s", path, strerror(errno));
	e.inode = st.st_ino;
	e.device = device ? device
			  : major(st.st_dev) << EVENT_MINOR_BITS |
			    minor(st.st_dev);
	return e;
}

static void this_file(void)
{
	struct filecaps c = { 0 };
	struct event e;

	begin();
	make("file", NET_RAW);
	e = seen("file", 0);
	check(eventcaps_read(&e, "/mnt/file", &c) == 0 &&
	      c.permitted == 1ULL << NET_RAW, "not its capabilities");
	e.inode++;
	check(eventcaps_read(&e, "/mnt/file", &c) == -ENOENT, "another inode");
	e.inode--;
	e.device++;
	check(eventcaps_read(&e, "/mnt/file", &c) == -ENOENT, "another device");
	check(eventcaps_read(&e, NULL, &c) == -ENOENT, "no path");
}

/* As it is by default: each has numbers of its own, from the first. */
static void same_number(void)
{
	struct filecaps c = { 0 };
	struct stat one, two;
	struct event e;

	begin();
	check(!mkdir("one", 0755) && !mkdir("two", 0755) &&
	      !mount("one", "one", "tmpfs", 0, NULL) &&
	      !mount("two", "two", "tmpfs", 0, NULL), "%s", strerror(errno));
	make("one/file", NET_RAW);
	make("two/file", CHOWN);
	check(!stat("one/file", &one) && !stat("two/file", &two), "stat");
	if (one.st_ino != two.st_ino)
		tap_absent("inode numbers of tmpfs are those of all");
	e = seen("one/file", 0);
	check(!mount("two", "one", NULL, MS_BIND, NULL), "%s",
	      strerror(errno));
	check(eventcaps_read(&e, "/mnt/one/file", &c) == -ENOENT,
	      "another file's capabilities are believed: %llx",
	      (unsigned long long)c.permitted);
	check(!umount("one"), "%s", strerror(errno));
	check(eventcaps_read(&e, "/mnt/one/file", &c) == 0 &&
	      c.permitted == 1ULL << NET_RAW, "not its own");
}

/* The device of a mount, from the line of /proc/self/mountinfo. */
static unsigned int device_of(const char *mount)
{
	char line[1024], at[256];
	unsigned int major, minor, device = 0;
	FILE *in = fopen("/proc/self/mountinfo", "r");

	check(in != NULL, "mountinfo");
	while (fgets(line, sizeof(line), in))
		if (sscanf(line, "%*d %*d %u:%u %*s %255s", &major, &minor,
			   at) == 3 && !strcmp(at, mount))
			device = major << EVENT_MINOR_BITS | minor;
	fclose(in);
	return device;
}

static void other_numbers(void)
{
	struct filecaps c = { 0 };
	unsigned int device;
	struct event e;

	begin();
	check(!mkdir("lower", 0755) && !mkdir("upper", 0755) &&
	      !mkdir("both", 0755) &&
	      !mount("lower", "lower", "tmpfs", 0, NULL) &&
	      !mount("upper", "upper", "tmpfs", 0, NULL) &&
	      !mkdir("upper/u", 0755) && !mkdir("upper/w", 0755), "%s",
	      strerror(errno));
	make("lower/file", NET_RAW);
	if (mount("both", "both", "overlay", 0, "lowerdir=lower,"
		  "upperdir=upper/u,workdir=upper/w,xino=off"))
		tap_absent("no overlayfs: %s", strerror(errno));
	device = device_of("/mnt/both");
	e = seen("both/file", 0);
	if (e.device == device)
		tap_absent("its layers have no numbers of their own");
	e.device = device;
	check(eventcaps_read(&e, "/mnt/both/file", &c) == 0 &&
	      c.permitted == 1ULL << NET_RAW, "not its capabilities");
	e = seen("lower/file", 0);
	check(eventcaps_read(&e, "/mnt/both/file", &c) == -ENOENT,
	      "another file system is taken for this one");
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "a file, another inode, another device", this_file, 0 },
		{ "mounted over by one with the same inode number",
		  same_number, 0 },
		{ "overlayfs, which shows another device", other_numbers, 0 },
	};

	return tap_main(cases);
}
