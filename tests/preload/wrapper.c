/* SPDX-License-Identifier: MIT */
/*
 * Another preload that wraps exec, as build recorders and audit logs do: says
 * the function's name on descriptor 9 and goes on to the next.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

static void log_name(const char *name)
{
	if (write(9, name, strlen(name)) < 0 || write(9, "\n", 1) < 0)
		return;
}

int execve(const char *path, char *const argv[], char *const envp[])
{
	int (*next)(const char *, char *const *, char *const *) =
		(__typeof__(next))dlsym(RTLD_NEXT, "execve");

	log_name("execve");
	return next(path, argv, envp);
}

int execv(const char *path, char *const argv[])
{
	int (*next)(const char *, char *const *) =
		(__typeof__(next))dlsym(RTLD_NEXT, "execv");

	log_name("execv");
	return next(path, argv);
}

int execvp(const char *file, char *const argv[])
{
	int (*next)(const char *, char *const *) =
		(__typeof__(next))dlsym(RTLD_NEXT, "execvp");

	log_name("execvp");
	return next(file, argv);
}
