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
#include "janitor.h"

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

/* ---- The directory ---------------------------------------------------- */

/* Can others walk into dir?  (libpam-tmpdir's TMPDIR is for one user.) */
static int open_to_all(const char *dir)
{
	char path[PATH_MAX];
	struct stat st;
	char *slash;

	if (!realpath(dir, path))
		return 0;
	while (path[0]) {
		if (stat(path, &st) || !(st.st_mode & S_IXOTH))
			return 0;
		slash = strrchr(path, '/');
		if (!slash)
			return 0;
		*slash = '\0';
	}
	return 1;
}

static int usable(const char *dir, unsigned long bad)
{
	struct statvfs fs;

	return dir && dir[0] == '/' && !access(dir, W_OK | X_OK) &&
	       !statvfs(dir, &fs) && !(fs.f_flag & bad) &&
	       (geteuid() != 0 || open_to_all(dir));
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

/* Only root and the caller's group get in: the copies are set-uid root. */
static int make_dir(struct targets *t, const struct target_caller *caller)
{
	const char *base = base_dir();

	if (!base)
		return -EACCES;
	if (snprintf(t->dir, sizeof(t->dir), "%s/clonexec-XXXXXX", base) >=
	    (int)sizeof(t->dir))
		return -ENAMETOOLONG;
	if (!mkdtemp(t->dir))
		return -errno;
	if (geteuid() == 0 && (chown(t->dir, (uid_t)-1, caller->gid) ||
			       chmod(t->dir, 0710))) {
		int error = -errno;

		rmdir(t->dir);
		return error;
	}
	return 0;
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
		0x01, 0x00, 0x00, 0x02, /* version 2, effective */
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
		     size_t size)
{
	int fd, error;

	snprintf(t->path[kind], sizeof(t->path[kind]), "%s/%s", t->dir,
		 names[kind]);
	fd = open(t->path[kind], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	error = write_image(fd, image, size);
	if (!error)
		error = grant(fd, kind, caller);
	if (close(fd) && !error)
		error = -errno;
	if (error)
		unlink(t->path[kind]);
	return error;
}

int targets_make_of(struct targets *t, const struct target_caller *caller,
		    const char *image, size_t size)
{
	int kind, error;

	memset(t, 0, sizeof(*t));
	error = make_dir(t, caller);
	if (error)
		return error;
	/* Before the first file: no copy is ever without a janitor. */
	error = janitor_start(t->dir, names, TARGET_KINDS, &t->janitor,
			      &t->janitor_fd);
	if (error) {
		rmdir(t->dir);
		return error;
	}
	for (kind = 0; kind < TARGET_KINDS; kind++)
		t->error[kind] = make_copy(t, (enum target_kind)kind, caller,
					image, size);
	return 0;
}

int targets_make(struct targets *t, const struct target_caller *caller)
{
	return targets_make_of(t, caller, victim_image, victim_image_size);
}

void targets_remove(struct targets *t)
{
	janitor_finish(t->janitor, t->janitor_fd);
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
