/* SPDX-License-Identifier: MIT */
/* Two threads create threads as fast as they can, and main calls exec. */
#include "creators.h"

#include <pthread.h>

static void *nothing(void *arg)
{
	return arg;
}

static void *create(void *arg)
{
	pthread_t t;

	for (;;) {
		if (pthread_create(&t, NULL, nothing, NULL) != 0) {
			say_eagain();
			continue;
		}
		atomic_fetch_add(&created, 1);
		pthread_join(t, NULL);
	}
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t t[2];

	if (argc < 2 || pthread_create(&t[0], NULL, create, NULL) != 0 ||
	    pthread_create(&t[1], NULL, create, NULL) != 0)
		return 2;
	return exec_amid(argv, 10);
}
