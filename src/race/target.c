/* SPDX-License-Identifier: MIT */
#include "target.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "image.h"
#include "nameless.h"

static const char *const names[TARGET_KINDS] = {
	[TARGET_SETUID] = "setuid",
	[TARGET_SETGID] = "setgid",
	[TARGET_FILECAPS] = "filecaps",
	[TARGET_USERNS] = "userns",
};

const char *target_name(enum target_kind kind)
{
	return names[kind];
}

const char *target_verdict_name(enum target_verdict verdict)
{
	static const char *const verdicts[] = { "kept", "lost", "broken" };

	return verdicts[verdict];
}

/* ---- The copies ------------------------------------------------------- */

/* cap_net_raw+ep as struct vfs_cap_data, version 2: little-endian words. */
static int set_capability(int fd)
{
	static const uint8_t value[20] = {
		0x01, 0x00,
		0x00, 0x02,		      /* version 2, effective */
		0x00, 1 << (CAP_NET_RAW - 8), /* permitted, bits 0 to 31 */
	};

	if (prctl(PR_CAPBSET_READ, CAP_NET_RAW, 0, 0, 0) != 1)
		return -EPERM;
	if (fsetxattr(fd, "security.capability", value, sizeof(value), 0))
		return -errno;
	return 0;
}

/* chown clears the set-id bits, so the mode comes last. */
static int grant(int fd, enum target_kind kind,
		 const struct target_caller *caller)
{
	gid_t other = caller->gid == 1 ? 2 : 1;

	if (kind != TARGET_USERNS && geteuid() != 0)
		return -EPERM;
	switch (kind) {
	case TARGET_SETUID:
		return fchown(fd, 0, 0) || fchmod(fd, 04755) ? -errno : 0;
	case TARGET_SETGID:
		return fchown(fd, 0, other) || fchmod(fd, 02755) ? -errno : 0;
	case TARGET_FILECAPS:
		return fchmod(fd, 0755) ? -errno : set_capability(fd);
	default:
		return fchmod(fd, 0755) ? -errno : 0;
	}
}

static int make_copy(struct targets *t, enum target_kind kind,
		     const struct target_caller *caller, const char *image,
		     size_t size, const char *base)
{
	int fd = nameless_open(base), error;

	if (fd < 0)
		return fd;
	error = nameless_write(fd, image, size);
	if (!error)
		error = grant(fd, kind, caller);
	if (error) {
		close(fd);
		return error;
	}
	error = nameless_open_again(fd, t->path[kind]);
	if (error < 0)
		return error;
	t->fd[kind] = error;
	return 0;
}

int targets_make_of(struct targets *t, const struct target_caller *caller,
		    const char *image, size_t size)
{
	const char *base = nameless_base();
	int kind;

	memset(t, 0, sizeof(*t));
	if (!base)
		return -EACCES;
	if (access("/proc/self/fd", X_OK))
		return -ENOSYS;
	for (kind = 0; kind < TARGET_KINDS; kind++) {
		t->fd[kind] = -1;
		t->error[kind] = make_copy(t, (enum target_kind)kind, caller,
					   image, size, base);
	}
	return 0;
}

int targets_make(struct targets *t, const struct target_caller *caller)
{
	return targets_make_of(t, caller, target_image, target_image_size);
}

void targets_remove(struct targets *t)
{
	int kind;

	for (kind = 0; kind < TARGET_KINDS; kind++)
		if (t->fd[kind] >= 0)
			close(t->fd[kind]);
}

/* ---- The judgement ---------------------------------------------------- */

static enum target_verdict verdict(int kept, int lost)
{
	return kept ? TARGET_KEPT : lost ? TARGET_LOST : TARGET_BROKEN;
}

enum target_verdict target_judge(enum target_kind kind, const char *line)
{
	unsigned int uid[3], gid[3], secure;
	unsigned long long permitted, effective;
	const unsigned long long net_raw = 1ULL << CAP_NET_RAW;

	if (sscanf(line, "%u %u %u %u %u %u %llx %llx %u", &uid[0], &uid[1],
		   &uid[2], &gid[0], &gid[1], &gid[2], &permitted, &effective,
		   &secure) != 9)
		return TARGET_BROKEN;
	switch (kind) {
	case TARGET_SETUID:
		return verdict(uid[0] != 0 && uid[1] == 0 && uid[2] == 0,
			       uid[0] != 0 && uid[1] == uid[0]);
	case TARGET_SETGID:
		return verdict(gid[1] != gid[0] && gid[2] == gid[1],
			       gid[1] == gid[0]);
	case TARGET_FILECAPS:
		return verdict(permitted == net_raw && effective == net_raw,
			       permitted == 0 && effective == 0);
	case TARGET_USERNS:
		return verdict(uid[1] == 0 && effective != 0,
			       uid[1] == 0 && permitted == 0);
	default:
		return TARGET_BROKEN;
	}
}
