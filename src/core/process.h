/* SPDX-License-Identifier: MIT */
/* What kind of process this is: alone? whose memory? under a filter? */
#ifndef CX_PROCESS_H
#define CX_PROCESS_H

enum process_threads {
	PROCESS_ALONE,		/* this is the only thread */
	PROCESS_THREADED,	/* there are others */
	PROCESS_UNKNOWN,	/* nothing here would tell */
};

enum process_threads cx_process_threads(void);

/*
 * Whether the memory may be another process's, as in a child of vfork(2).
 * Only needed where cx_process_threads() does not know: a vfork child has
 * one thread.
 */
int cx_process_is_borrowed(void);

/* Whether a seccomp filter is in force, which might kill instead of refuse. */
int cx_process_is_filtered(void);

#endif
