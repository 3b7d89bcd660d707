/* SPDX-License-Identifier: MIT */
#include "execfd.h"

#include <errno.h>
#include <fcntl.h>

#include "sys.h"

#define FD_DIR "/proc/self/fd"

/* Fills the end of `name`; returns where the path begins. */
static const char *find_name(char *name, size_t size, int fd)
{
	static const char dir[] = FD_DIR "/";
	char *s = name + size;
	unsigned int rest = (unsigned int)fd;
	size_t i = sizeof(dir) - 1;

	*--s = '\0';
	do
		*--s = (char)('0' + rest % 10);
	while (rest /= 10);
	while (i)
		*--s = dir[--i];
	return s;
}

int cx_execfd(int fd, char *const *argv, char *const *envp,
	      enum execfd_rules rules)
{
	char name[sizeof(FD_DIR "/") + 10];
	struct sys_file dir;
	int r = sys_execve(find_name(name, sizeof(name), fd), argv, envp);

	if (r != -ENOENT)
		return r;
	if (rules == EXECFD_MUSL)
		return -EBADF;
	/* "No such file" would be about the program. */
	return sys_stat(AT_FDCWD, FD_DIR, &dir, 0) == -ENOENT ? -ENOSYS : r;
}
