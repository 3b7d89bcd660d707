/* SPDX-License-Identifier: MIT */
/*
 * The rules are those of the kernel's bprm_fill_uid() and
 * cap_bprm_creds_from_file() (fs/exec.c, security/commoncap.c):
 *
 *  - per_clear is set if the file's set-id bits count (the mount is not
 *    nosuid, no_new_privs is not set) or the exec would have given
 *    capabilities that the caller had not.  SELinux, AppArmor and Smack set
 *    it too, for a change of domain, which is no loss;
 *  - then, if bprm->unsafe has any bit but that of a tracer with rights,
 *    the effective ids become the real ones (unless the caller could set
 *    its ids itself) and no capability is gained.
 */
#include "loss.h"

#include <errno.h>
#include <linux/securebits.h>
#include <string.h>
#include <sys/stat.h>

#include "setid.h"

enum {
	UNSAFE_SHARE = 1, /* include/linux/security.h */
	UNSAFE_PTRACE = 2,
	UNSAFE_NO_NEW_PRIVS = 4,
};

/* Would it have come out the same without the sharing? */
static int has_other_reason(const struct event *e)
{
	return (e->unsafe & UNSAFE_NO_NEW_PRIVS) ||
	       (e->unsafe & UNSAFE_PTRACE && !e->ptracer_capable);
}

static int lost_set_uid(const struct event *e)
{
	return setid_gives_user(e->mode) && e->euid == e->uid &&
	       e->file_uid != e->uid;
}

static int lost_set_gid(const struct event *e)
{
	return setid_gives_group(e->mode) && e->egid == e->gid &&
	       e->file_gid != e->gid;
}

/* Root's own: all that may be had. */
static int is_root(const struct event *e)
{
	return e->root_uid != EVENT_NO_ROOT &&
	       (e->uid == (uint32_t)e->root_uid ||
		e->euid == (uint32_t)e->root_uid) &&
	       !(e->securebits & 1u << SECURE_NOROOT);
}

int loss_asks_file(const struct event *e)
{
	return !is_root(e);
}

static uint64_t granted(const struct event *e, const struct loss_grant *grant)
{
	if (is_root(e))
		return e->bset | e->inheritable;
	if (grant->error)
		return 0;
	return (grant->caps.permitted & e->bset) |
	       (grant->caps.inheritable & e->inheritable);
}

/*
 * If the file is gone and cannot be asked, and has no set-id bits, what set
 * per_clear was most likely capabilities.
 */
static void judge_capabilities(const struct event *e,
			       const struct loss_grant *grant, struct loss *l)
{
	int set_id = setid_gives_user(e->mode) || setid_gives_group(e->mode);

	l->which = granted(e, grant) & ~e->permitted;
	l->capabilities = l->which ||
			  (!set_id && !is_root(e) && grant->error == -ENOENT);
}

int loss_judge(const struct event *e, const struct loss_grant *grant,
	       struct loss *l)
{
	memset(l, 0, sizeof(*l));
	if (!(e->unsafe & UNSAFE_SHARE) || !e->per_clear || has_other_reason(e))
		return 0;
	l->set_uid = lost_set_uid(e);
	l->set_gid = lost_set_gid(e);
	judge_capabilities(e, grant, l);
	l->cause = e->users_after > 1 ? LOSS_SHARING : LOSS_RACE;
	return l->set_uid || l->set_gid || l->capabilities;
}
