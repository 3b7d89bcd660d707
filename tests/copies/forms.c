/* SPDX-License-Identifier: MIT */
/* A program with the library in it, in each form in which a program may be
   linked: the walk over what came with it finds its end. */
#include <clonexec.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <unistd.h>

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

int main(void)
{
	struct cx_status s = { .size = sizeof s };
	char *args[] = { (char *)"true", NULL };
	pthread_t t;

	/* The library's own reference is weak: this one links it. */
	if (!getauxval(AT_PHDR) || pthread_create(&t, NULL, idle, NULL) ||
	    cx_status(&s) ||
	    s.strangers || cx_set_strategy(CX_LOCK) ||
	    cx_execv("/nowhere", args) != -1)
		return 1;
	puts("1..1\nok 1 - the lock is taken, and an exec works");
	fflush(stdout);
	cx_execv("/bin/true", args);
	return 1;
}
