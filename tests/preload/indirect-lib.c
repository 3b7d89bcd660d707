/* SPDX-License-Identifier: MIT */
/*
 * A library with indirect functions (IFUNC): one has a name of libc's by
 * chance, and what decides on the other makes a system call, before preloads
 * are relocated.
 */
#include <sys/syscall.h>

long syscall(long nr, ...);

static int add_one(int n)
{
	return n + 1;
}

static int kernel_answered(void)
{
	return 1;
}

static int kernel_did_not(void)
{
	return 0;
}

static void *find_clone(void)
{
	return add_one;
}

static void *find_answer(void)
{
	return syscall(SYS_getpid) > 0 ? kernel_answered : kernel_did_not;
}

int clone(int n) __attribute__((ifunc("find_clone")));
int answer(void) __attribute__((ifunc("find_answer")));

int call_clone(int n)
{
	return clone(n);
}

int call_answer(void)
{
	return answer();
}
