/* SPDX-License-Identifier: MIT */
/*
 * A preload that takes paths below /redirected from another directory
 * ($REDIRECTED), as fakechroot, libredirect and termux-exec do.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

int execve(const char *path, char *const argv[], char *const envp[]);
int execv(const char *path, char *const argv[]);

int execve(const char *path, char *const argv[], char *const envp[])
{
	int (*next)(const char *, char *const *, char *const *) =
		(int (*)(const char *, char *const *,
			 char *const *))dlsym(RTLD_NEXT, "execve");
	char there[4096];

	if (!strncmp(path, "/redirected/", 12)) {
		snprintf(there, sizeof there, "%s/%s", getenv("REDIRECTED"),
			 path + 12);
		path = there;
	}
	return next(path, argv, envp);
}

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}
