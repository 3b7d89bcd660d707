/* SPDX-License-Identifier: MIT */
/*
 * The race, frozen: one clone(2) of this process stops inside the kernel
 * after it has counted itself as a user of the file system context and
 * before it is a thread of the process, for as long as we like.  An exec at
 * that moment loses its privileges with certainty.
 *
 * copy_process() writes the descriptor of CLONE_PIDFD to user memory just
 * there, and the page that it writes to is one whose faults we answer by
 * userfaultfd(2).  Needs root (or CAP_SYS_PTRACE, or access to
 * /dev/userfaultfd) and Linux 6.9, the first to take CLONE_PIDFD together
 * with CLONE_THREAD.
 *
 * Functions return 0 or -errno and print nothing.
 */
#ifndef FREEZE_H
#define FREEZE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum freeze_what {
	FREEZE_THREAD,
	/*
	 * A process that uses our file system context: as long as it is in the
	 * making, an exec of ours loses on every kernel, also on one that has
	 * the bug fixed.  A freeze of which that is not true stops at the
	 * wrong place.
	 */
	FREEZE_PROCESS,
};

struct freeze {
	int uffd;
	int failed;   /* an eventfd: the clone came back with an error */
	char *memory; /* the page of the pidfd, then the stack */
	size_t page_size;
	enum freeze_what what;
	int guarded;
	pthread_t creator;   /* the thread that calls clone */
	atomic_int outcome;  /* 0 not back yet, 1 cloned, else -errno */
	atomic_int tid;	     /* the creator's */
	atomic_llong called; /* clone was; CLOCK_MONOTONIC, ns */
};

/*
 * Gets ready; while still privileged, before other threads, and in the very
 * process that is to freeze (after fork).  -EPERM: not permitted; -ENOSYS:
 * the kernel has no userfaultfd.
 */
int freeze_open(struct freeze *f);

/*
 * Starts a thread that makes the clone, between cx_before_clone() and
 * cx_after_clone() if guarded, and by the bare system call if not.
 */
int freeze_start(struct freeze *f, enum freeze_what what, int guarded);

/*
 * Waits until the clone is frozen, or has failed: -EINVAL before Linux 6.9, or
 * whatever else it said.  One of the two happens, so no clock bounds this;
 * race.c kills the process if it should not.
 */
int freeze_wait(struct freeze *f);

/* Lets the clone go on; the new thread ends at once. */
int freeze_release(struct freeze *f);

/* Waits for the creator and gives everything back; after a release only. */
void freeze_close(struct freeze *f);

/* Why it cannot be done, in a few words, for an error of the above. */
const char *freeze_why(int error);

#endif
