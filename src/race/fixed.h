/* SPDX-License-Identifier: MIT */
/*
 * Whether this kernel has the bug fixed, both halves of it: plain execve keeps
 * its privileges in the frozen race, and an exec that stands still refuses no
 * thread.  For both there is a witness against a test that does not test: a
 * process in the place of the thread, with which every kernel loses, and which
 * every exec refuses.
 *
 * What refuses is asked first.  So on an affected kernel nothing is lost by
 * this, which would be an event to whoever watches the machine.
 */
#ifndef FIXED_H
#define FIXED_H

/*
 * As root.  1; 0: it is affected, or only half of it is fixed, or that could
 * not be told.  In child processes, which takes some ms.
 */
int fixed_kernel(void);

#endif
