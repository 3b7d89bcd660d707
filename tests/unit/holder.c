/* SPDX-License-Identifier: MIT */
#include "holder.h"

#include "execlock.h"

pthread_barrier_t holder_gate;

void *holder_inside(void *arg)
{
	cx_execlock_enter(EXECLOCK_CREATIONS);
	pthread_barrier_wait(&holder_gate);
	pthread_barrier_wait(&holder_gate);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	return arg;
}

void *holder_exec(void *arg)
{
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	pthread_barrier_wait(&holder_gate);
	pthread_barrier_wait(&holder_gate);
	cx_execlock_unlock();
	return arg;
}
