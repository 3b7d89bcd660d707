/* SPDX-License-Identifier: MIT */
/* What the kernel said while we ran. */
#ifndef KERNELLOG_H
#define KERNELLOG_H

/* From now on; -1 with errno if it cannot be read. */
int kernellog_open(void);

/*
 * Prints each line that warns of the kernel's own state, and returns how
 * many; *lines counts all of them.
 */
int kernellog_scan(int fd, int *lines);

#endif
