/* SPDX-License-Identifier: MIT */
#include "caller.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534 };

/*
 * A change of credentials hides /proc/self/… from the process itself, as
 * root's.  A program that was started as this user would not see that.
 */
static int be_dumpable(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) ? -errno : 0;
}

/* ---- Another user ----------------------------------------------------- */

/* The id that is asked for, or else the highest below it; 0 if only root's. */
static unsigned int mapped_id(const char *path, unsigned int wanted)
{
	unsigned int first, count, last, found = 0;
	FILE *map = fopen(path, "re");

	/* Without /proc nothing tells, and nothing else can be done either. */
	if (!map)
		return wanted;
	while (fscanf(map, "%u %*u %u", &first, &count) == 2) {
		if (!count || first > wanted)
			continue;
		last = count - 1 > wanted - first ? wanted : first + count - 1;
		found = last > found ? last : found;
	}
	fclose(map);
	return found;
}

int caller_choose(struct target_caller *caller)
{
	caller->uid = mapped_id("/proc/self/uid_map", NOBODY);
	caller->gid = mapped_id("/proc/self/gid_map", NOBODY);
	return caller->uid && caller->gid ? 0 : -ENOENT;
}

/* True also if there is no such file to tell. */
static int maps_two(const char *path)
{
	unsigned int count, all = 0;
	FILE *map = fopen(path, "re");

	if (!map)
		return 1;
	while (all < 2 && fscanf(map, "%*u %*u %u", &count) == 1)
		all = count > 1 ? 2 : all + count;
	fclose(map);
	return all >= 2;
}

int caller_is_alone(void)
{
	return !maps_two("/proc/self/uid_map") ||
	       !maps_two("/proc/self/gid_map");
}

int caller_drop(const struct target_caller *caller)
{
	if (setgroups(0, NULL) ||
	    setresgid(caller->gid, caller->gid, caller->gid) ||
	    setresuid(caller->uid, caller->uid, caller->uid))
		return -errno;
	return be_dumpable();
}

/* ---- A user namespace ------------------------------------------------- */

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		error = -errno;
	close(fd);
	return error;
}

static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[2];

	memset(none, 0, sizeof(none));
	if (syscall(SYS_capset, &header, none))
		return -errno;
	return be_dumpable();
}

int caller_enter_userns(void)
{
	char map[64];
	int error;

	snprintf(map, sizeof(map), "0 %u 1\n", (unsigned int)geteuid());
	if (unshare(CLONE_NEWUSER))
		return -errno;
	error = be_dumpable();
	if (!error)
		error = write_text("/proc/self/uid_map", map);
	return error ? error : drop_capabilities();
}
