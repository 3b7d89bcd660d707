/* SPDX-License-Identifier: MIT */
/* Has two threads until its standard input ends. */
#include <pthread.h>
#include <unistd.h>

static void *stay(void *arg)
{
	for (;;)
		pause();
	return arg;
}

int main(void)
{
	pthread_t t;
	char c;

	if (pthread_create(&t, NULL, stay, NULL))
		return 1;
	return write(1, ".", 1) != 1 || read(0, &c, 1) != 0;
}
