/* SPDX-License-Identifier: MIT */
/* A program whose exec another preload (jumper.c) leaves by longjmp: each one
   has to come to that preload, in a process with threads, too. */
#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

int main(void)
{
	char *const argv[] = { "false", NULL };
	jmp_buf **place = dlsym(RTLD_DEFAULT, "jumper_place");
	int *count = dlsym(RTLD_DEFAULT, "jumper_count");
	static jmp_buf here;
	static volatile int jumps;
	pthread_t t;

	if (!place || !count || pthread_create(&t, NULL, idle, NULL))
		return 2;
	*place = &here;
	setjmp(here);
	if (jumps++ < 3)
		execv("/bin/false", argv);
	*place = NULL;
	execv("/nowhere", argv);
	printf("%d\n", *count);
	return 0;
}
