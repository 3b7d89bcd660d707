/* SPDX-License-Identifier: MIT */
/* What the tests of the exec lock share. */
#ifndef HAMMER_H
#define HAMMER_H

#include <pthread.h>

enum { HAMMER_LONG_MS = 600000 };

/* Nobody is inside and nobody holds it: no wait is needed to get it. */
void hammer_check_idle(void);

void hammer_start(pthread_t *t, void *(*fn)(void *), void *arg);

/* Go's TestRWMutex: creators are many, or a holder is alone, in every round. */
void hammer_run(int holders, int creators, int rounds);

#endif
