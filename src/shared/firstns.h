/* SPDX-License-Identifier: MIT */
#ifndef FIRSTNS_H
#define FIRSTNS_H

/* The kernel's numbers for them (PROC_USER_INIT_INO, PROC_PID_INIT_INO). */
#define FIRSTNS_PID 0xEFFFFFFCU
#define FIRSTNS_USER 0xEFFFFFFDU

/* Whether this process is in the first namespace of its kind, as "user"; -1 if
   /proc does not tell. */
int firstns_is_ours(const char *kind, unsigned int number);

#endif
