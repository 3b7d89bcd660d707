/* SPDX-License-Identifier: MIT */
/*
 * What both halves of `clonexec guard` know: how it is set, and what is in its
 * maps.
 */
#ifndef GUARD_H
#define GUARD_H

#include "guardpins.h"

enum guard_scope {
	GUARD_ALL,
	GUARD_TASKS,	/* those that the map "scope" has */
	GUARD_IN_CGROUP /* those below the cgroup in the map "cgroups" */
};

/* Set before loading.  An exec or a creation has reached its bound when both
   the time and the tries are used up: on a starved machine time alone says
   nothing. */
struct guard_config {
	unsigned int mode;
	unsigned int strict; /* at the bound: EAGAIN, and not as the kernel */
	unsigned int scope;
	unsigned int exec_tries, creation_tries;
	unsigned long long exec_ns, creation_ns;
};

/* The map "counters". */
enum guard_counter {
	GUARD_EXEC_MET,	      /* an exec would lose its privileges */
	GUARD_EXEC_RESTARTED, /* it was begun again */
	GUARD_EXEC_KEPT,      /* one came through after that */
	GUARD_EXEC_LET_GO,    /* at the bound: as the kernel has it */
	GUARD_EXEC_DENIED,    /* refused with EAGAIN */
	GUARD_EXEC_UNQUEUED,  /* it could not be arranged to begin again */
	GUARD_EXEC_MOST,      /* the most restarts of one exec */
	GUARD_CREATION_MET,   /* a creation would fail with EAGAIN */
	GUARD_CREATION_RESTARTED,
	GUARD_CREATION_LET_GO,
	GUARD_CREATION_UNQUEUED,
	GUARD_CREATION_MOST,
	GUARD_EVENTS_WITHHELD, /* beyond the limit of their origin */
	GUARD_EVENTS_DROPPED,  /* nobody has read those before */
	GUARD_COUNTERS
};

#endif
