/* SPDX-License-Identifier: MIT */
#include "secure.h"

#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "filecaps.h"
#include "setid.h"

/*
 * The rules are those of bprm_fill_uid() in fs/exec.c and
 * cap_bprm_creds_from_file() in security/commoncap.c, the same from Linux
 * 4.14 to 7.3.  So root that starts a set-user-ID-root file is not in secure
 * mode, and root that starts one of another user is.  A security module may
 * ask for the mode as well (AppArmor, SELinux on a transition); that can't
 * be seen from outside.
 */

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
	unsigned char bytes[FILECAPS_ROOM];
	ssize_t n = getxattr(path, "security.capability", bytes, sizeof(bytes));
	struct filecaps caps;

	if (n < 0 || filecaps_parse(bytes, n, &caps) || caps.revision == 3)
		return 0;
	return caps.effective || caps.permitted;
}

const char *secure_reason(const char *path, const struct stat *st)
{
	int no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
	struct statvfs vfs;
	int nosuid = !statvfs(path, &vfs) && (vfs.f_flag & ST_NOSUID);
	uid_t euid = geteuid();
	gid_t egid = getegid();

	if (!nosuid && !no_new_privs) {
		if (setid_gives_user(st->st_mode))
			euid = st->st_uid;
		if (setid_gives_group(st->st_mode))
			egid = st->st_gid;
	}
	if (euid != getuid())
		return euid == geteuid() ? "this process has two user IDs" :
					   "it is set-user-ID";
	if (egid != getgid())
		return egid == getegid() ? "this process has two group IDs" :
					   "it is set-group-ID";
	if (!nosuid && getuid() != 0 && caps_count(path))
		return "it has file capabilities";
	return NULL;
}
