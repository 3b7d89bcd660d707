/* SPDX-License-Identifier: MIT */
#include "startcalls.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

/* The shim is linked with no libc and finds itself in either; a static program
   would not link what is weak. */
#ifdef CX_ANY_LIBC
extern const char *gnu_get_libc_version(void) __attribute__((weak));
#define GLIBC_VERSION \
	(gnu_get_libc_version ? gnu_get_libc_version() : (const char *)NULL)
#elif defined(__GLIBC__)
#include <gnu/libc-version.h>
#define GLIBC_VERSION gnu_get_libc_version()
#else
#define GLIBC_VERSION ((const char *)NULL)
#endif

/* Younger CPUs have no open. */
#ifdef SYS_open
#define MUSL_OPEN(path, flags) \
	((int)arch_syscall3(SYS_open, (long)(path), (flags), 0))
#else
#define MUSL_OPEN(path, flags)                                                 \
	((int)arch_syscall6(SYS_openat, AT_FDCWD, (long)(path), (flags), 0, 0, \
			    0))
#endif

/*
 * fstat was newfstatat with an empty path in glibc 2.33 to 2.38, and is the
 * system call of that name before and after, as in musl.  (32 bits have one
 * call for both: sys32.h.)
 */
int cx_startcalls_has_newfstatat(const char *v)
{
	if ((int)SYS_FSTAT_CALL == (int)SYS_STAT_CALL)
		return 1;
	return v && v[0] == '2' && v[1] == '.' && v[2] == '3' && v[3] >= '3' &&
	       v[3] <= '8' && !(v[4] >= '0' && v[4] <= '9');
}

/* glibc has openat for it since 2.26. */
int cx_startcalls_open(const char *path, int flags)
{
	flags |= O_RDONLY | O_CLOEXEC;
	if (GLIBC_VERSION)
		return (int)arch_syscall6(SYS_openat, AT_FDCWD, (long)path,
					  flags, 0, 0, 0);
	return MUSL_OPEN(path, flags);
}

int cx_startcalls_stat_is_stat(void)
{
	return cx_startcalls_has_newfstatat(GLIBC_VERSION);
}

int cx_startcalls_stat(const char *path, struct sys_file *file)
{
	int fd, r;

	if (cx_startcalls_stat_is_stat())
		return sys_stat(AT_FDCWD, path, file, 0);
	/* O_DIRECTORY, for the open must not wait for anything. */
	fd = cx_startcalls_open(path, O_DIRECTORY);
	/* No descriptor is free, or Landlock lets nothing be opened. */
	if (fd == -EMFILE || fd == -ENFILE || fd == -EACCES)
		return sys_stat(AT_FDCWD, path, file, 0);
	if (fd < 0)
		return fd;
	r = sys_fstat(fd, file);
	arch_syscall3(SYS_close, fd, 0, 0);
	return r;
}
