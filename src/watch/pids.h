/* SPDX-License-Identifier: MIT */
#ifndef PIDS_H
#define PIDS_H

/*
 * Whether a process has the same number here as in an event, which has that of
 * the first pid namespace: not in a container with a namespace of its own,
 * where it is another process's.
 */
int pids_are_ours(void);

#endif
