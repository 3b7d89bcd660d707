/* SPDX-License-Identifier: MIT */
/* Seeing that a thread waits, instead of waiting until it surely does. */
#ifndef ASLEEP_H
#define ASLEEP_H

#include <sys/types.h>

/* Whether the thread of this process is asleep in futex(2) right now. */
int asleep_in_futex(pid_t tid);

#endif
