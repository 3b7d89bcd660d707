/* SPDX-License-Identifier: MIT */
/*
 * Threads that have the lock for as long as somebody else wants: they take it,
 * meet at the gate (which is initialised for two), and keep it until they meet
 * there again.
 */
#ifndef HOLDER_H
#define HOLDER_H

#include <pthread.h>

extern pthread_barrier_t holder_gate;

void *holder_inside(void *arg); /* the shared side */
void *holder_exec(void *arg);	/* the exclusive one */

#endif
