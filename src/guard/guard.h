/* SPDX-License-Identifier: MIT */
/*
 * What both halves of `clonexec guard` know: how it is set, and what is in its
 * maps.  The maps outlive the program that made them, so another version may
 * read them: GUARD_LAYOUT says which layout they have.
 */
#ifndef GUARD_H
#define GUARD_H

enum { GUARD_LAYOUT = 1 };

enum guard_mode {
	GUARD_RESTART, /* the system call is made once more, by the kernel */
	GUARD_DENY,    /* an exec is refused with EAGAIN */
	GUARD_COUNT,   /* nothing is changed */
};

/* Set before loading.  An exec or a creation has reached its bound when both
   the time and the tries are used up: on a starved machine time alone says
   nothing. */
struct guard_config {
	unsigned int mode;
	unsigned int strict; /* at the bound: EAGAIN, and not as the kernel */
	unsigned int scoped; /* only tasks that the map "scope" has */
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
	GUARD_COUNTERS
};

/* The one entry of the map "about", which user space alone writes. */
struct guard_about {
	unsigned int layout;
	unsigned int mode, strict, bound_ms;
	unsigned long long since;     /* seconds of CLOCK_REALTIME; 0: start has
					 not come to its end */
	unsigned long long own_execs; /* made by tests of itself, in counters */
};

#endif
