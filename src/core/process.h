/* SPDX-License-Identifier: MIT */
/* What kind of process this is: alone? whose memory? under a filter? */
#ifndef CX_PROCESS_H
#define CX_PROCESS_H

enum process_threads {
	PROCESS_ALONE,		/* this is the only thread */
	PROCESS_THREADED,	/* there are others */
	PROCESS_UNKNOWN,	/* nothing here would tell */
};

/* What an exec has to know, asked once. */
struct process {
	enum process_threads threads;
	/* A seccomp filter is in force: it might kill instead of refuse. */
	int filtered;
};

struct process cx_process_look(void);

/*
 * Whether the memory may be another process's, as in a child of vfork(2).
 * Only needed where the threads are unknown: a vfork child has one.
 */
int cx_process_is_borrowed(void);

#endif
