/* SPDX-License-Identifier: MIT */
/* The judgement of an event: were privileges lost, which, and why? */
#ifndef LOSS_H
#define LOSS_H

#include <stdint.h>

#include "event.h"
#include "eventcaps.h"

enum loss_cause {
	LOSS_RACE,    /* a thread was being created */
	LOSS_SHARING, /* another process uses the fs: such an exec loses
			 always */
};

struct loss {
	int set_uid, set_gid; /* lost? to whom: the event's file_uid, … */
	int capabilities;     /* lost, beyond those of a set-uid 0? */
	uint64_t which;	      /* of them; 0 if that is not known */
	enum loss_cause cause;
};

/* What the file grants: as eventcaps_read() answers. */
struct loss_grant {
	int error;
	struct filecaps caps;
};

/* Whether the judgement depends on the file's capabilities. */
int loss_asks_file(const struct event *e);

/* 1 if privileges were lost for want of a file system context of its own,
   and only for that; 0 if not. */
int loss_judge(const struct event *e, const struct loss_grant *grant,
	       struct loss *l);

#endif
