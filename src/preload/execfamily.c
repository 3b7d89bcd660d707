/* SPDX-License-Identifier: MIT */
/*
 * The exec functions that programs get instead of libc's.  Built twice: under
 * libc's names, and by execlibc.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

#include "arglist.h"
#include "config.h"
#include "execcall.h"
#include "family.h"

#define EXPORT __attribute__((visibility("default")))

/* What execlibc.c defines otherwise. */
#ifndef FAMILY
#define FAMILY(name) name
#define FAMILY_IS_LIBCS 0
#endif

static int exec_path(const char *path, char *const *argv, char *const *envp,
		     enum next_name namesake)
{
	struct execcall call = {
		.attempt = { .file = path, .argv = argv, .envp = envp },
		.past_preloads = FAMILY_IS_LIBCS,
		.namesake = namesake,
		.with_env = NEXT_EXECVE,
	};

	return execcall(&call);
}

static int exec_search(const char *file, char *const *argv, char *const *envp,
		       enum next_name namesake)
{
	struct execcall call = {
		.attempt = { .file = file, .argv = argv, .envp = envp },
		.searches = 1,
		.past_preloads = FAMILY_IS_LIBCS,
		.namesake = namesake,
		.with_env = NEXT_EXECVPE,
	};

	return execcall(&call);
}

static int exec_at(int dirfd, const char *path, char *const *argv,
		   char *const *envp, int flags)
{
	struct execcall call = {
		.attempt = {
			.file = path, .argv = argv, .envp = envp,
			.is_at = 1, .dirfd = dirfd, .flags = flags,
		},
		.past_preloads = FAMILY_IS_LIBCS,
		.namesake = NEXT_EXECVEAT,
		.with_env = NEXT_EXECVEAT,
	};

	return execcall(&call);
}

/* glibc looks at the arguments, musl leaves that to the kernel. */
static int exec_fd(int fd, char *const *argv, char *const *envp)
{
	struct execcall call = {
		.attempt = {
			.file = "", .argv = argv, .envp = envp,
			.is_at = 1, .dirfd = fd, .flags = AT_EMPTY_PATH,
			.execfd = execcall_is_glibc() ? EXECFD_GLIBC :
							EXECFD_MUSL,
		},
		.past_preloads = FAMILY_IS_LIBCS,
		.namesake = NEXT_FEXECVE,
		.with_env = NEXT_FEXECVE,
	};

	if (execcall_is_glibc() && (fd < 0 || !argv || !envp))
		return execcall_answer(-EINVAL);
	return execcall(&call);
}

/* C programs, Node, Bun; shells. */
EXPORT int FAMILY(execve)(const char *path, char *const argv[],
			  char *const envp[])
{
	return exec_path(path, argv, envp, NEXT_EXECVE);
}

/* Python, Perl, Ruby, Tcl; libc's own does not come by our execve. */
EXPORT int FAMILY(execv)(const char *path, char *const argv[])
{
	return exec_path(path, argv, config_environ(), NEXT_EXECV);
}

/* Rust, Perl, Guile, Lua, and most C programs that start another. */
EXPORT int FAMILY(execvp)(const char *file, char *const argv[])
{
	return exec_search(file, argv, config_environ(), NEXT_EXECVP);
}

/* glibc's extension, also in musl. */
EXPORT int FAMILY(execvpe)(const char *file, char *const argv[],
			   char *const envp[])
{
	return exec_search(file, argv, envp, NEXT_EXECVPE);
}

/* The same by the name that musl's own headers do not show. */
EXPORT int FAMILY(__execvpe)(const char *file, char *const argv[],
			     char *const envp[])
{
	return exec_search(file, argv, envp, NEXT_EXECVPE);
}

/* By descriptor: what sandboxes and systemd do. */
EXPORT int FAMILY(fexecve)(int fd, char *const argv[], char *const envp[])
{
	return exec_fd(fd, argv, envp);
}

/* In glibc since 2.34; not in musl, where nobody calls it. */
EXPORT int FAMILY(execveat)(int dirfd, const char *path, char *const argv[],
			    char *const envp[], int flags)
{
	return exec_at(dirfd, path, argv, envp, flags);
}

/* The list forms are written out, for libc's own call each other inside. */

/* execv for those who know the arguments when they write the program. */
EXPORT int FAMILY(execl)(const char *path, const char *arg, ...)
{
	CX_ARGLIST(argv, arg, ap);

	va_end(ap);
	return exec_path(path, argv, config_environ(), NEXT_EXECV);
}

/* execvp for the same. */
EXPORT int FAMILY(execlp)(const char *file, const char *arg, ...)
{
	CX_ARGLIST(argv, arg, ap);

	va_end(ap);
	return exec_search(file, argv, config_environ(), NEXT_EXECVP);
}

/* execve for the same: the environment stands behind the NULL. */
EXPORT int FAMILY(execle)(const char *path, const char *arg, ...)
{
	CX_ARGLIST(argv, arg, ap);
	char *const *envp = va_arg(ap, char *const *);

	va_end(ap);
	return exec_path(path, argv, envp, NEXT_EXECVE);
}
