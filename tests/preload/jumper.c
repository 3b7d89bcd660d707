/* SPDX-License-Identifier: MIT */
/* A preload that wraps exec and counts; while it has a place to go to, it does
   not come back and execs nothing, as a test double might. */
#include <dlfcn.h>
#include <setjmp.h>
#include <stddef.h>

jmp_buf *jumper_place;
int jumper_count;

int execv(const char *path, char *const argv[])
{
	int (*next)(const char *, char *const *) =
		(int (*)(const char *, char *const *))dlsym(RTLD_NEXT,
							    "execv");

	jumper_count++;
	if (jumper_place)
		longjmp(*jumper_place, 1);
	return next(path, argv);
}
