/* SPDX-License-Identifier: MIT */
/*
 * The functions that programs get instead of libc's: exec.  (Thread creation
 * and the setuid family are in guarded.c.)  The rules here and there:
 *
 *  - Never print (but for CLONEXEC_DEBUG), exit, allocate or start a thread
 *    that anyone could meet.  No constructor: a process that never calls one
 *    of these functions pays for the loading and for nothing else.
 *  - errno, return values and what a PATH search does are those of the libc
 *    in this process, glibc or musl.  One file serves both: nothing of a
 *    libc is needed, and what is used is a weak reference.
 *  - May be called in signal handlers, before any constructor has run and in
 *    children of vfork, where nothing is written that the parent could miss.
 *  - Nothing inside libc comes through here: system, popen, posix_spawn, and
 *    the threads of timers and aio.  So exec protects itself from creators
 *    that nobody guards, and guarding some is only a courtesy to them.
 *  - The program's exec reaches a later preload that wraps exec (execcall.c)
 *    by the function of that kind.  What does not: a call by syscall(2), and
 *    a wrapper that knows execl or execlp only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/types.h>

#include "arglist.h"
#include "config.h"
#include "execcall.h"
#include "family.h"
#include "sys.h"

#define EXPORT __attribute__((visibility("default")))

/* ---- Exec ------------------------------------------------------------- */

static int exec_path(const char *path, char *const *argv, char *const *envp,
		     enum next_name namesake)
{
	struct execcall call = {
		.attempt = { .file = path, .argv = argv, .envp = envp },
		.namesake = namesake,
		.with_env = NEXT_EXECVE,
	};

	return execcall(&call);
}

static int exec_search(const char *file, char *const *argv,
		       char *const *envp, enum next_name namesake)
{
	struct execcall call = {
		.attempt = { .file = file, .argv = argv, .envp = envp },
		.searches = 1,
		.namesake = namesake,
		.with_env = NEXT_EXECVPE,
	};

	return execcall(&call);
}

static int exec_at(int dirfd, const char *path, char *const *argv,
		   char *const *envp, int flags, enum next_name namesake)
{
	struct execcall call = {
		.attempt = {
			.file = path, .argv = argv, .envp = envp,
			.is_at = 1, .dirfd = dirfd, .flags = flags,
		},
		.namesake = namesake,
		.with_env = namesake,
	};

	return execcall(&call);
}

/* glibc looks at the arguments, musl leaves that to the kernel. */
static int exec_fd(int fd, char *const *argv, char *const *envp)
{
	if (execcall_is_glibc() && (fd < 0 || !argv || !envp))
		return execcall_answer(-EINVAL);
	return exec_at(fd, "", argv, envp, AT_EMPTY_PATH, NEXT_FEXECVE);
}

/* C programs, Node, Bun; shells. */
EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	return exec_path(path, argv, envp, NEXT_EXECVE);
}

/* Python, Perl, Ruby, Tcl; libc's own does not come by our execve. */
EXPORT int execv(const char *path, char *const argv[])
{
	return exec_path(path, argv, config_environ(), NEXT_EXECV);
}

/* Rust, Perl, Guile, Lua, and most C programs that start another. */
EXPORT int execvp(const char *file, char *const argv[])
{
	return exec_search(file, argv, config_environ(), NEXT_EXECVP);
}

/* glibc's extension, also in musl. */
EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	return exec_search(file, argv, envp, NEXT_EXECVPE);
}

/* The same by the name that musl's own headers do not show. */
EXPORT int __execvpe(const char *file, char *const argv[], char *const envp[])
{
	return exec_search(file, argv, envp, NEXT_EXECVPE);
}

/* By descriptor: what sandboxes and systemd do. */
EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	return exec_fd(fd, argv, envp);
}

/* In glibc since 2.34; not in musl, where nobody calls it. */
EXPORT int execveat(int dirfd, const char *path, char *const argv[],
		    char *const envp[], int flags)
{
	return exec_at(dirfd, path, argv, envp, flags, NEXT_EXECVEAT);
}

/* The list forms are written out, for libc's own call each other inside. */

/* execv for those who know the arguments when they write the program. */
EXPORT int execl(const char *path, const char *arg, ...)
{
	CX_ARGLIST(argv, arg, ap);

	va_end(ap);
	return exec_path(path, argv, config_environ(), NEXT_EXECV);
}

/* execvp for the same. */
EXPORT int execlp(const char *file, const char *arg, ...)
{
	CX_ARGLIST(argv, arg, ap);

	va_end(ap);
	return exec_search(file, argv, config_environ(), NEXT_EXECVP);
}

/* execve for the same: the environment stands behind the NULL. */
EXPORT int execle(const char *path, const char *arg, ...)
{
	CX_ARGLIST(argv, arg, ap);
	char *const *envp = va_arg(ap, char *const *);

	va_end(ap);
	return exec_path(path, argv, envp, NEXT_EXECVE);
}

/*
 * syscall() itself is in arch/<cpu>.S: for programs that go around libc's
 * exec functions but not around that one.  It comes here for the two execs,
 * and no other preload is asked: what was hidden from it stays so.
 */
long interpose_execve(const char *path, char *const *argv, char *const *envp);
long interpose_execveat(long dirfd, const char *path, char *const *argv,
			char *const *envp, long flags);
void *interpose_find_syscall(void);

/* Where syscall() jumps to; NULL until interpose_find_syscall() has run. */
void *interpose_next_syscall;

long interpose_execve(const char *path, char *const *argv, char *const *envp)
{
	struct execcall call = {
		.attempt = { .file = path, .argv = argv, .envp = envp },
	};

	return execcall(&call);
}

long interpose_execveat(long dirfd, const char *path, char *const *argv,
			char *const *envp, long flags)
{
	struct execcall call = {
		.attempt = {
			.file = path, .argv = argv, .envp = envp,
			.is_at = 1, .dirfd = (int)dirfd, .flags = (int)flags,
		},
	};

	return execcall(&call);
}

static long no_syscall(long nr)
{
	return execcall_answer(-ENOSYS);
}

void *interpose_find_syscall(void)
{
	void *next = next_function(NEXT_SYSCALL);

	if (!next)
		next = (void *)no_syscall;
	__atomic_store_n(&interpose_next_syscall, next, __ATOMIC_RELAXED);
	return next;
}
