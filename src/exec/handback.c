/* SPDX-License-Identifier: MIT */
#include "handback.h"

#include <sys/prctl.h>

#include "sys.h"

static int capabilities_call(long nr, struct __user_cap_data_struct *data)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};

	return (int)arch_syscall3(nr, (long)&header, (long)data, 0);
}

static void look_at_credentials(struct cx_handback_credentials *c)
{
	arch_syscall3(SYS_GETRESUID_CALL, (long)&c->uid[0], (long)&c->uid[1],
		      (long)&c->uid[2]);
	arch_syscall3(SYS_GETRESGID_CALL, (long)&c->gid[0], (long)&c->gid[1],
		      (long)&c->gid[2]);
	c->group_count = (int)arch_syscall3(
		SYS_GETGROUPS_CALL, HANDBACK_GROUPS_MAX, (long)c->groups, 0);
	c->no_new_privs = sys_prctl(PR_GET_NO_NEW_PRIVS, 0, 0) == 1;
	c->has_capabilities = !capabilities_call(SYS_capget, c->capabilities);
}

static int are_equal(const uint32_t *a, const uint32_t *b, int n)
{
	while (n > 0 && a[n - 1] == b[n - 1])
		n--;
	return n == 0;
}

static int have_equal_capabilities(const struct cx_handback_credentials *a,
				   const struct cx_handback_credentials *b)
{
	int i;

	if (!a->has_capabilities || !b->has_capabilities)
		return 1;
	for (i = 0; i < 2; i++)
		if (a->capabilities[i].effective !=
			    b->capabilities[i].effective ||
		    a->capabilities[i].permitted !=
			    b->capabilities[i].permitted ||
		    a->capabilities[i].inheritable !=
			    b->capabilities[i].inheritable)
			return 0;
	return 1;
}

void cx_handback_look(struct cx_handback *h)
{
	look_at_credentials(&h->helper);
	h->is_known = 1;
}

/* What takes rights away comes last; each step is one that the handler was
   allowed, from the same rights. */
void cx_handback_take(struct cx_handback *h)
{
	const struct cx_handback_credentials *to = &h->helper;
	struct cx_handback_credentials *from = &h->caller;

	if (!h->is_known)
		return;
	look_at_credentials(from);
	if (to->no_new_privs && !from->no_new_privs)
		arch_syscall6(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0);
	if (to->group_count >= 0 &&
	    (to->group_count != from->group_count ||
	     !are_equal(to->groups, from->groups, to->group_count)))
		arch_syscall3(SYS_SETGROUPS_CALL, to->group_count,
			      (long)to->groups, 0);
	if (!are_equal(to->gid, from->gid, 3))
		arch_syscall3(SYS_SETRESGID_CALL, to->gid[0], to->gid[1],
			      to->gid[2]);
	if (!are_equal(to->uid, from->uid, 3))
		arch_syscall3(SYS_SETRESUID_CALL, to->uid[0], to->uid[1],
			      to->uid[2]);
	/* The ids may have brought this about already. */
	from->has_capabilities =
		capabilities_call(SYS_capget, from->capabilities) == 0;
	if (!have_equal_capabilities(to, from))
		capabilities_call(SYS_capset, h->helper.capabilities);
}
