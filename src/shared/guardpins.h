/* SPDX-License-Identifier: MIT */
/*
 * Where `clonexec guard start` leaves the guard in the kernel, and what it says
 * about itself there: for the guard's both halves, and for the commands that
 * ask whether it is on.  What is there outlives the program that made it, so
 * another version may read it: GUARD_LAYOUT says which layout it has.
 */
#ifndef GUARDPINS_H
#define GUARDPINS_H

#define GUARD_PINS "/sys/fs/bpf/clonexec-guard"

enum { GUARD_LAYOUT = 2, GUARD_CGROUP = 1024 };

enum guard_mode {
	GUARD_RESTART, /* the system call is made once more, by the kernel */
	GUARD_DENY,    /* an exec is refused with EAGAIN */
	GUARD_COUNT,   /* nothing is changed */
};

/* The one entry of the map "about", which user space alone writes. */
struct guard_about {
	unsigned int layout;
	unsigned int mode, strict, bound_ms;
	unsigned long long since;     /* seconds of CLOCK_REALTIME; 0: start has
					 not come to its end */
	unsigned long long own_execs; /* made by tests of itself, in counters */
	unsigned int tester;	      /* its children have no events; or 0 */
	unsigned int unused;
	unsigned long long cgroup_id; /* 0: it is for the whole machine */
	char cgroup[GUARD_CGROUP];    /* its path, as start was told; or "" */
};

#endif
