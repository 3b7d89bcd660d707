/* SPDX-License-Identifier: MIT */
/*
 * System calls of clonexec's that fail, one or two kinds at a time.  By
 * seccomp, so nothing else is different; the arguments tell our calls from
 * those of libc and of the test.
 */
#ifndef INJECT_H
#define INJECT_H

/* What a fault takes away from the exec. */
enum {
	NO_UNSHARE = 1,
	NO_TRIAL = 2,	/* none where a filter is seen: it is tried first */
	NO_HELPER = 4,
	NO_WAIT = 8,	/* for guarded creators, or no way to see it */
	NO_PROC = 16,
	KILLS = 32,
	HIDES = 64,	/* the filter itself, where there is no /proc */
	NO_PENDING = 128, /* only /proc tells of pending signals then */
};

struct fault {
	const char *name;
	long nr;
	struct {
		int argument;	/* -1: no condition */
		unsigned int mask, value;
	} when[2];
	unsigned int answer;	/* SECCOMP_RET_... */
	unsigned int takes;
};

extern const struct fault faults[];
extern const unsigned int fault_count;

/* For good, in this process and its children; b may be NULL. */
void inject(const struct fault *a, const struct fault *b);

#endif
