/* SPDX-License-Identifier: MIT */
/* The kernel's list of security modules. */
#ifndef LSMS_H
#define LSMS_H

enum { LSMS_LIST = 512 };

/* Names with commas between them; 0 where there is no list to read. */
int lsms_read(char list[LSMS_LIST]);
int lsms_has(const char *list, const char *name);

#endif
