/* SPDX-License-Identifier: MIT */
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "image.h"

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

/* ---- Where ------------------------------------------------------------ */

static int usable(const char *dir, unsigned long bad)
{
	struct statvfs fs;

	return dir && dir[0] == '/' && !access(dir, W_OK | X_OK) &&
	       !statvfs(dir, &fs) && !(fs.f_flag & bad);
}

/* If set-id bits count nowhere, the user namespace can still be tried. */
static const char *base_dir(void)
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
static int open_nameless(const char *base)
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

/* Closes fd.  What is open for writing cannot be executed. */
static int open_again(int fd, char path[PATH_MAX])
{
	int again, error;

	snprintf(path, PATH_MAX, "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY | O_CLOEXEC);
	error = again < 0 ? -errno : again;
	close(fd);
	snprintf(path, PATH_MAX, "/proc/self/fd/%d", again);
	return error;
}

/* ---- The copies ------------------------------------------------------- */

static int write_image(int fd, const char *p, size_t size)
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
	int fd = open_nameless(base), error;

	if (fd < 0)
		return fd;
	error = write_image(fd, image, size);
	if (!error)
		error = grant(fd, kind, caller);
	if (error) {
		close(fd);
		return error;
	}
	error = open_again(fd, t->path[kind]);
	if (error < 0)
		return error;
	t->fd[kind] = error;
	return 0;
}

int targets_make_of(struct targets *t, const struct target_caller *caller,
		    const char *image, size_t size)
{
	const char *base = base_dir();
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
