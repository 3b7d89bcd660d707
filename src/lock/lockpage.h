/* SPDX-License-Identifier: MIT */
/*
 * Where the exec lock's words are, and whose they are: those of one process,
 * and of no child that is a copy of it.
 */
#ifndef CX_LOCKPAGE_H
#define CX_LOCKPAGE_H

#include <stdint.h>

#include CX_ARCH_H

/* What each thread creation runs through is reached without a detour. */
#define CX_OWN __attribute__((visibility("hidden")))

/*
 * There are two exec locks, for there are two kinds of what an exec may have to
 * keep out.
 *
 * EXECLOCK_CREATIONS	Threads that are being created, by cx_pthread_create(),
 *			cx_clone(), the shim's functions and the hooks that say
 *			so.  An exec with a private fs does them no harm, nor
 *			they it: see exec.c.
 * EXECLOCK_REGIONS	What must not run beside any exec: the setuid family,
 *			whose signals would kill the new program, and what
 *			cx_before_clone() guards, of which nothing is known.
 */
enum execlock_kind { EXECLOCK_CREATIONS, EXECLOCK_REGIONS, EXECLOCK_KINDS };

struct execlock {
	uint32_t state; /* door.h */
	uint32_t holder;
	uint32_t waiting; /* creators who found it closed */
};

/*
 * All of it in a page of its own that a forked child finds zeroed
 * (MADV_WIPEONFORK, Linux 4.14): a child has none of the threads that its
 * parent's words speak of.  That catches forks by raw system call as well.
 * Static, so there is nothing to construct or to allocate.
 */
extern CX_OWN union cx_execlock {
	struct {
		struct execlock of[EXECLOCK_KINDS];
		uint32_t pid;	 /* of an exec's process, or, where
				    forks don't wipe, of the first user:
				    a child's differs */
		uint32_t marked; /* a fork wipes the page, or cannot */
	};
	char page[ARCH_PAGE_MAX];
} cx_execlock __attribute__((aligned(ARCH_PAGE_MAX)));

/*
 * From here on a forked child finds the page zeroed.  That costs an exec more
 * than all the rest of the lock (it splits a mapping in three), so one that
 * no guarded creator came before leaves it to whoever opens the door.  Where
 * the exec succeeds nobody has to.  So: open means marked.
 */
CX_OWN void cx_lockpage_mark(void);

/*
 * Not marked: is this a child, forked beside such an exec?  Then the words are
 * its parent's, and nobody in here is what they say.  (A child of vfork has no
 * business here.  Other threads of the child that come at the same moment are
 * forgotten: then one exec may wait for one creator too few.)  `own` is what
 * the caller has in the count of this kind.
 */
CX_OWN void cx_lockpage_reset_if_inherited(enum execlock_kind kind,
					   uint32_t own, uint32_t pid);

/*
 * Whether the words can be a parent's at all.  If not, a creator need not ask
 * for the pid, which is a system call that thread creation has no use for and
 * that a seccomp filter may therefore not expect.
 */
CX_OWN int cx_lockpage_may_be_inherited(void);

/*
 * First use in this process, which may be a forked child whose thread was
 * inside guarded regions when it forked: they go on in the child and their
 * leaves are still to come, so they are counted: `inside` of them.  (Unless
 * another thread of the child comes first: then one exec may wait for one
 * creator too few.)  Sets `flags`, unless EXECLOCK_READY is set.
 */
CX_OWN void cx_lockpage_initialise(struct execlock *lock, uint32_t inside,
				   uint32_t flags);

/* The process that the lock is known to be of, 0 if it is not known. */
int cx_lockpage_owner(void);

/*
 * The caller's pid, from the page where a child would not find it there.  Not
 * in a child of vfork, which has its parent's page.
 */
CX_OWN int cx_lockpage_pid(void);

#endif
