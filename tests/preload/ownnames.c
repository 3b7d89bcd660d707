/* SPDX-License-Identifier: MIT */
/*
 * The program that calls them: with arguments that libc's functions would take
 * for thread creations, user ids and execs.  Each twice, for the shim looks
 * once where it goes to.
 */
#include "ownnames.h"

#include <stdio.h>
#include <sys/syscall.h>

/* CLONE_FS, with a pointer's upper half. */
#define FLAGS 0x200L

static int twice(int n)
{
	return n * 2;
}

static void call_all(void)
{
	struct vector v = { { 1.5, 2.5, 3.5 }, 0 }, *copy;
	struct large l = { { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
			     16, 17, 18, 19, 20 } };
	struct pair p;
	char text[200];
	int here;

	copy = clone(&v, 0, FLAGS, 4, 5, 6, 7, 8, 9, 10);
	printf("%g %g %g %ld\n", copy->x[0], copy->x[1], copy->x[2],
	       copy->sum);
	printf("%lld\n", setuid(1LL << 40, 2, 3, 4, 5, 6, 7, 1LL << 50));
	printf("%g\n", setgid(.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5));
	printf("%g\n", seteuid(1.25f, "four", 2.5f, 3.75));
	p = setegid(1.125);
	printf("%g %g\n", p.a, p.b);
	l = setreuid(l, 3);
	printf("%ld %ld %ld\n", l.words[0], l.words[10], l.words[19]);
	setregid(text, sizeof text, "%d %g %s %g %ld %g %d %d %d", 1, 2.5,
		 "three", 4.5, 5L, 6.5, 7, 8, 9);
	puts(text);
	puts(setresuid());
	printf("%d\n", setresgid(twice)(21));
	printf("%d\n", setgroups(&here, NULL) == &here);
	printf("%Lg\n", initgroups(1.5L));
	printf("%lld\n", syscall(SYS_execve, 2, 3, 4, 5, 6, 7, 8.5));
	printf("%lld\n", syscall(SYS_execveat, 2, 3, 4, 5, 6, 7, 8.5));
	printf("%lld\n", syscall(SYS_getpid, 2, 3, 4, 5, 6, 7, 8.5));
}

int main(void)
{
	call_all();
	call_all();
	return 0;
}
