/* SPDX-License-Identifier: MIT */
/* initgroups in a process with threads, as nobody and as others say it is. */
#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

int main(void)
{
	pthread_t t;

	if (getuid() == 0 && setuid(65534))
		return 2;
	if (pthread_create(&t, NULL, idle, NULL))
		return 2;
	printf("%s\n", initgroups("games", 60) ? strerror(errno) : "done");
	return 0;
}
