/* SPDX-License-Identifier: MIT */
/*
 * What a language runtime does that makes the system calls itself: the hooks go
 * around its clone and around its execve.  With CX_UNSHARE the second pair also
 * keeps out creators that do not know of the hooks (libraries, libc, the
 * kernel); with the other strategies only those that do.
 *
 *	runtime FILE [ARGUMENT]...
 */
#define _GNU_SOURCE
#include <clonexec.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

enum {
	STACK_SIZE = 65536,
	THREAD = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
		 CLONE_THREAD | CLONE_SYSVSEM,
};

/* It shares main's TLS, so all that it does is a system call: to wait. */
static int machine(void *arg)
{
	(void)arg;
	return (int)syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
}

static int new_machine(void)
{
	char *stack = malloc(STACK_SIZE);
	int tid;

	if (!stack)
		return -1;
	cx_before_thread_create();
	tid = clone(machine, stack + STACK_SIZE, THREAD, NULL);
	cx_after_thread_create();
	return tid;
}

int main(int argc, char **argv)
{
	if (argc < 2 || cx_set_strategy(CX_UNSHARE) || new_machine() < 0)
		return 2;
	cx_before_exec();
	syscall(SYS_execve, argv[1], argv + 1, environ);
	cx_after_exec(); /* leaves errno alone */
	fprintf(stderr, "runtime: %s: %s\n", argv[1], strerror(errno));
	return 127;
}
