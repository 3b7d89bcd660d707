/* SPDX-License-Identifier: MIT */
/*
 * Thread creation under the shared side of the exec lock, for programs linked
 * with --wrap=pthread_create (clonexec-wrap.pc).  By the hooks and not by
 * cx_pthread_create, whose own pthread_create comes here too: the pair nests.
 */
#include "clonexec.h"

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*start)(void *), void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*start)(void *), void *arg);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*start)(void *), void *arg)
{
	int r;

	cx_before_thread_create();
	r = __real_pthread_create(thread, attr, start, arg);
	cx_after_thread_create();
	return r;
}
