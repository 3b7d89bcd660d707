/* SPDX-License-Identifier: MIT */
/* A preload that wraps exec, and calls libc's by another object (around.c). */
int around_execv(const char *path, char *const argv[]);

int execv(const char *path, char *const argv[])
{
	return around_execv(path, argv);
}
