/* SPDX-License-Identifier: MIT */
/* One field of /proc/thread-self/status, for what no system call tells. */
#ifndef CX_PROCSTATUS_H
#define CX_PROCSTATUS_H

#include <stdint.h>

/*
 * key: as it stands at the start of a line, with colon and tab.  base: 10 or
 * 16.  0, or -errno where there is no such file or field.
 */
int cx_procstatus_read(const char *key, unsigned int base, uint64_t *value);

#endif
