/* SPDX-License-Identifier: MIT */
#include "secure.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

/*
 * The rules are those of bprm_fill_uid() in fs/exec.c and
 * cap_bprm_creds_from_file() in security/commoncap.c, the same from Linux
 * 4.14 to 7.3.  So root that starts a set-user-ID-root file is not in secure
 * mode, and root that starts one of another user is.  A security module may
 * ask for the mode as well (AppArmor, SELinux on a transition); that can't
 * be seen from outside.
 */

/* The on-disk form of security.capability, revision 2; little-endian. */
struct file_caps {
	uint32_t magic;
	struct {
		uint32_t permitted;
		uint32_t inheritable;
	} data[2];
};

enum {
	CAPS_EFFECTIVE = 1,
	CAPS_REVISION_1 = 0x01000000,
	CAPS_REVISION_2 = 0x02000000,
	CAPS_SIZE_1 = 12,
};

/*
 * Whether the file's capabilities bring any: an effective bit, or something
 * permitted.  Revision 3 is shown only for somebody else's namespace (our
 * own is shown as 2), where the kernel ignores it.  Under no_new_privs they
 * give nothing, but the mode is set all the same.  What is inheritable
 * counts if this process has it to inherit; that is rare enough to leave to
 * the effective bit, which comes with it in practice.
 */
static int caps_count(const char *path)
{
	struct file_caps caps = { 0 };
	ssize_t n = getxattr(path, "security.capability", &caps,
			     sizeof(caps));
	uint32_t magic = le32toh(caps.magic), revision;

	revision = magic & 0xff000000;
	if (!(n == CAPS_SIZE_1 && revision == CAPS_REVISION_1) &&
	    !(n == sizeof(caps) && revision == CAPS_REVISION_2))
		return 0;
	if (magic & CAPS_EFFECTIVE)
		return 1;
	return caps.data[0].permitted || caps.data[1].permitted;
}

const char *secure_reason(const char *path, const struct stat *st)
{
	int no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
	struct statvfs vfs;
	int nosuid = !statvfs(path, &vfs) && (vfs.f_flag & ST_NOSUID);
	uid_t euid = geteuid();
	gid_t egid = getegid();

	if (!nosuid && !no_new_privs) {
		if (st->st_mode & S_ISUID)
			euid = st->st_uid;
		/* Without group execute the bit means something else. */
		if ((st->st_mode & S_ISGID) && (st->st_mode & S_IXGRP))
			egid = st->st_gid;
	}
	if (euid != getuid())
		return euid == geteuid() ?
		       "this process has two user IDs" :
		       "it is set-user-ID";
	if (egid != getgid())
		return egid == getegid() ?
		       "this process has two group IDs" :
		       "it is set-group-ID";
	if (!nosuid && getuid() != 0 && caps_count(path))
		return "it has file capabilities";
	return NULL;
}
