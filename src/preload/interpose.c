/* SPDX-License-Identifier: MIT */
/*
 * syscall(2) as programs get it instead of libc's.  (The exec functions are in
 * execfamily.c, thread creation and the setuid family in guarded.c.)  The rules
 * here and there:
 *
 *  - Never print (except for CLONEXEC_DEBUG), exit, allocate or start a thread
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
#include <stddef.h>

#include "execcall.h"

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
