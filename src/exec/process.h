/* SPDX-License-Identifier: MIT */
/* What kind of process this is: alone? whose memory? under a filter? */
#ifndef CX_PROCESS_H
#define CX_PROCESS_H

#include <stdint.h>

enum process_threads {
	PROCESS_ALONE,	  /* this is the only thread */
	PROCESS_THREADED, /* there are others */
	PROCESS_UNKNOWN,  /* nothing here would tell */
};

enum { FILTERS_UNSEEN = 0x7fffffff };

struct process {
	enum process_threads threads;
	/* stat has told the truth, so no filter refuses it. */
	int is_stat_honest;
	/* The rest is known once cx_process_ask() has been called. */
	int is_asked;
	/* A seccomp filter is in force: it might kill instead of refuse. */
	int filtered;
	/* How many of them, 0 if it is not known: they only become more.
	   FILTERS_UNSEEN: the file that tells may not be read. */
	uint32_t filters;
	/* The thread has a tracer. */
	int traced;
};

/*
 * Counts the threads.  Where there is a /proc this makes the system calls that
 * the libc starts programs by (startcalls.h), one or three, so that a filter
 * which lets programs start lets them pass, too.
 */
struct process cx_process_look(void);

/* Finds out the rest, unless it is known.  Not for a process that is alone. */
void cx_process_ask(struct process *p);

/*
 * Whether the memory may be another process's, as in a child of vfork(2).
 * Only needed where the threads are unknown: a vfork child has one.
 */
int cx_process_is_maybe_vfork(void);

/*
 * Whether the calling thread certainly has neither children of its own nor
 * processes that it traces.
 */
int cx_process_is_childless(void);

/* A thread is about to be made by clone(2), of which libc takes no notice. */
void cx_process_note_clone(void);

#endif
