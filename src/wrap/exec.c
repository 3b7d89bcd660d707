/* SPDX-License-Identifier: MIT */
/*
 * For programs linked with --wrap=execve and so on (clonexec-wrap.pc): the
 * linker calls these where the program says exec, and so does libc inside
 * where its own code says so.  (Such names are the linker's choice.)
 *
 * Nothing here calls one of libc's exec functions, and nor does the library:
 * that would come back here.
 */
#include <unistd.h>

#include "arglist.h"
#include "clonexec.h"

int __wrap_execve(const char *path, char *const argv[], char *const envp[]);
int __wrap_execv(const char *path, char *const argv[]);
int __wrap_execvp(const char *file, char *const argv[]);
int __wrap_execvpe(const char *file, char *const argv[], char *const envp[]);
int __wrap_execl(const char *path, const char *arg, ...);
int __wrap_execlp(const char *file, const char *arg, ...);
int __wrap_execle(const char *path, const char *arg, ...);
int __wrap_fexecve(int fd, char *const argv[], char *const envp[]);
int __wrap_execveat(int dirfd, const char *path, char *const argv[],
		    char *const envp[], int flags);

int __wrap_execve(const char *path, char *const argv[], char *const envp[])
{
	return cx_execve(path, argv, envp);
}

int __wrap_execv(const char *path, char *const argv[])
{
	return cx_execv(path, argv);
}

int __wrap_execvp(const char *file, char *const argv[])
{
	return cx_execvp(file, argv);
}

int __wrap_execvpe(const char *file, char *const argv[], char *const envp[])
{
	return cx_execvpe(file, argv, envp);
}

int __wrap_fexecve(int fd, char *const argv[], char *const envp[])
{
	return cx_fexecve(fd, argv, envp);
}

int __wrap_execveat(int dirfd, const char *path, char *const argv[],
		    char *const envp[], int flags)
{
	return cx_execveat(dirfd, path, argv, envp, flags);
}

int __wrap_execl(const char *path, const char *arg, ...)
{
	CX_ARGLIST(argv, arg, ap);

	va_end(ap);
	return cx_execv(path, argv);
}

int __wrap_execlp(const char *file, const char *arg, ...)
{
	CX_ARGLIST(argv, arg, ap);

	va_end(ap);
	return cx_execvp(file, argv);
}

int __wrap_execle(const char *path, const char *arg, ...)
{
	CX_ARGLIST(argv, arg, ap);
	char *const *envp = va_arg(ap, char *const *);

	va_end(ap);
	return cx_execve(path, argv, envp);
}
