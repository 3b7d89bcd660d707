/* SPDX-License-Identifier: MIT */
/* libc's execv, as libc's own handle has it. */
#include <dlfcn.h>

int around_execv(const char *path, char *const argv[])
{
	int (*execv)(const char *, char *const *) =
		(int (*)(const char *, char *const *))dlsym(
			dlopen("libc.so.6", RTLD_NOW), "execv");

	return execv(path, argv);
}
