/* SPDX-License-Identifier: MIT */
/* A pthread_create that stands still for a thread whose argument is
   slow_state, as long as that is not 0; 2 says that it does. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

atomic_int slow_state = 1;

int pthread_create(pthread_t *thread, const pthread_attr_t *attr,
		   void *(*start)(void *), void *arg)
{
	int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *),
		    void *) =
		(int (*)(pthread_t *, const pthread_attr_t *,
			 void *(*)(void *), void *))dlsym(RTLD_NEXT,
							  "pthread_create");

	if (arg == &slow_state) {
		slow_state = 2;
		while (slow_state)
			usleep(1000);
	}
	return next(thread, attr, start, arg);
}
