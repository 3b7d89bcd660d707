/* SPDX-License-Identifier: MIT */
/*
 * What signal handlers that ran on the helper thread have changed there and
 * meant for the caller.  To give up root in a handler is allowed (setuid(2)
 * is async-signal-safe), and libc then changes the thread that it runs on and
 * each one that it knows but the caller, which it takes itself for.  So where
 * the exec has failed the caller does the same.
 */
#ifndef CX_HANDBACK_H
#define CX_HANDBACK_H

#include <linux/capability.h>
#include <stdint.h>

/* The kernel's own limit (NGROUPS_MAX). */
enum { HANDBACK_GROUPS_MAX = 65536 };

struct cx_handback_credentials {
	uint32_t uid[3], gid[3]; /* real, effective, saved */
	int group_count;	 /* below 0: not known */
	uint32_t groups[HANDBACK_GROUPS_MAX];
	struct __user_cap_data_struct capabilities[2];
	int has_capabilities;
	int no_new_privs;
};

struct cx_handback {
	int is_known; /* the helper has come back from its exec */
	struct cx_handback_credentials helper, caller;
};

/* On the helper, with all signals blocked. */
void cx_handback_look(struct cx_handback *h);

/* On the caller, before it can run anything with the old rights. */
void cx_handback_take(struct cx_handback *h);

#endif
