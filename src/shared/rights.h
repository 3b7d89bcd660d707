/* SPDX-License-Identifier: MIT */
/* The capabilities that root's commands give up. */
#ifndef RIGHTS_H
#define RIGHTS_H

/*
 * Keeps of those of this process CAP_BPF and CAP_PERFMON, to load and attach,
 * and what the test of itself needs: to become another user, and to freeze a
 * creation in the kernel.  (A set-uid program grants what it did before: that
 * is the bounding set's.)
 */
void rights_keep_for_test(void);

/* For the parent of a program: to pass signals on, and no test. */
void rights_keep_for_program(void);

/*
 * All but CAP_SYS_PTRACE.  With that the paths of other processes lead
 * anywhere, also to a file system of a user's own, which may never answer:
 * whoever looks there could be made to wait for good.
 */
void rights_give_up_others(void);

/* Whether they are those of the first user namespace.  In another one root has
   all capabilities, and none of them counts for BPF. */
int rights_are_the_first(void);

#endif
