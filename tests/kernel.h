/* SPDX-License-Identifier: MIT */
/*
 * What plain execve must do here, for the control of each test: a kernel that
 * has the bug loses every frozen race, and refuses every thread creation
 * beside an exec that stands still; a fixed one does neither, and one that has
 * half of a fix does one of the two.  There the controls are turned, and a
 * note says so.
 *
 * A freezer that is broken must not pass for a fixed kernel.  So what a
 * process that shares the file system context does to an exec, and an exec to
 * it, is the witness: it is the same on every kernel.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include "race.h"

/* Of a frozen race under plain execve: lost, or kept.  With root. */
enum target_verdict kernel_plain(void);

/* Creators beside which plain execve loses, also on a fixed kernel: then the
   witness.  For tests that need a loss to begin with. */
enum race_creators kernel_losing(void);

/* Of n creations beside a plain execve that stands still, how many fail. */
int kernel_refuses(int n);

#endif
