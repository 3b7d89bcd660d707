/* SPDX-License-Identifier: MIT */
/* Threads made by the system call, as language runtimes do. */
#define _GNU_SOURCE
#include "creators.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>

#include CX_ARCH_H

enum { STACK_SIZE = 65536 };

static char stacks[2][STACK_SIZE] __attribute__((aligned(64)));

/* Shares its creator's TLS, so it touches nothing. */
static void nothing(void *arg)
{
}

/* The kernel clears tid when the thread has left its stack. */
static void *create(void *stack)
{
	int tid;
	long r;

	for (;;) {
		tid = -1;
		r = arch_clone(CLONE_VM | CLONE_FS | CLONE_FILES |
				       CLONE_SIGHAND | CLONE_THREAD |
				       CLONE_SYSVSEM | CLONE_CHILD_CLEARTID,
			       (char *)stack + STACK_SIZE, NULL, &tid, nothing,
			       NULL);
		if (r == -EAGAIN)
			say_eagain();
		if (r < 0)
			continue;
		atomic_fetch_add(&created, 1);
		while (__atomic_load_n(&tid, __ATOMIC_ACQUIRE) != 0)
			syscall(SYS_futex, &tid, FUTEX_WAIT, -1, NULL);
	}
	return stack;
}

int main(int argc, char **argv)
{
	pthread_t t[2];

	if (argc < 2 || pthread_create(&t[0], NULL, create, stacks[0]) != 0 ||
	    pthread_create(&t[1], NULL, create, stacks[1]) != 0)
		return 2;
	return exec_amid(argv, 10);
}
