/* SPDX-License-Identifier: MIT */
/*
 * Where the functions of arch/<cpu>/syscall.S go to, and syscall(2) as programs
 * get it instead of libc's.  (The exec functions are in execfamily.c, thread
 * creation and the setuid family in guarded.c.)  The rules here and there:
 *
 *  - Never print (except for CLONEXEC_DEBUG), exit, allocate or start a thread
 *    that anyone could meet.  No constructor: a process that never calls one
 *    of these functions pays for the loading and for nothing else.
 *  - errno, return values and what a PATH search does are those of the libc
 *    in this process, glibc or musl.  One file serves both: nothing of a
 *    libc is needed, and what is used is a weak reference.
 *  - The program itself may mean something else by a name: another preload, or
 *    a library of its own has a function that is called clone, say.  That one
 *    is called as if the shim were not here.  (An exec function or
 *    pthread_create of somebody else's has libc's arguments: preloads wrap
 *    these, and are to be protected as well.)
 *  - May be called in signal handlers, before any constructor has run and in
 *    children of vfork, where nothing is written that the parent could miss.
 *  - Nothing inside libc comes through here: system, popen, posix_spawn, and
 *    the threads of timers and aio.  So exec protects itself from creators
 *    that nobody guards, and guarding some is only a courtesy to them.
 *  - The program's exec reaches a later preload that wraps exec (execcall.c)
 *    by the function of that kind.  What does not: a call by syscall(2), and
 *    a wrapper that knows execl or execlp only.
 */
#include "interpose.h"

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "execcall.h"
#include "sys.h"

/* The kernel's largest errno, and one. */
enum { ERRNO_MAX = 4096 };

/* Where each name is jumped to; NULL until interpose_find() has been asked. */
void *interpose_next[INTERPOSE_NAMES];

/*
 * For programs that go around libc's exec functions but not around syscall():
 * the two execs by it.  No other preload's exec function is asked: what was
 * hidden from it stays so.
 */
static long syscall_execve(long nr, const char *path, char *const *argv,
			   char *const *envp)
{
	struct execcall call = {
		.attempt = { .file = path, .argv = argv, .envp = envp },
	};

	return execcall(&call);
}

static long syscall_execveat(long nr, long dirfd, const char *path,
			     char *const *argv, char *const *envp, long flags)
{
	struct execcall call = {
		.attempt = {
			.file = path, .argv = argv, .envp = envp,
			.is_at = 1, .dirfd = (int)dirfd, .flags = (int)flags,
		},
	};

	return execcall(&call);
}

/*
 * Before we have been relocated libc can't be found, and an IFUNC's resolver
 * that asks the kernel would be told ENOSYS: so it is asked.  (Not for vfork,
 * which would return twice from here.)
 */
static long early_syscall(long nr, long a, long b, long c, long d, long e,
			  long f)
{
	const long r = arch_syscall6(nr, a, b, c, d, e, f);

	return r < 0 && r > -ERRNO_MAX ? execcall_answer((int)r) : r;
}

static void *find_syscall(void)
{
	void *next = next_function(NEXT_SYSCALL);

	return next ? next : (void *)early_syscall;
}

static const unsigned char next_names[INTERPOSE_NAMES] = {
	[INTERPOSE_SYSCALL] = NEXT_SYSCALL,
	[INTERPOSE_CLONE] = NEXT_CLONE,
	[INTERPOSE_SETUID] = NEXT_SETUID,
	[INTERPOSE_SETGID] = NEXT_SETGID,
	[INTERPOSE_SETEUID] = NEXT_SETEUID,
	[INTERPOSE_SETEGID] = NEXT_SETEGID,
	[INTERPOSE_SETREUID] = NEXT_SETREUID,
	[INTERPOSE_SETREGID] = NEXT_SETREGID,
	[INTERPOSE_SETRESUID] = NEXT_SETRESUID,
	[INTERPOSE_SETRESGID] = NEXT_SETRESGID,
	[INTERPOSE_SETGROUPS] = NEXT_SETGROUPS,
	[INTERPOSE_INITGROUPS] = NEXT_INITGROUPS,
};

/* A child of vfork that writes here leaves a truth in its parent. */
void *interpose_find(unsigned int number, long first)
{
	void *to = next_wrapper((enum next_name)next_names[number]);
	const int is_libcs = !to;

	if (is_libcs)
		to = number == INTERPOSE_SYSCALL ? find_syscall() :
						   guarded_function(number);
	/* Not yet for good: an IFUNC's resolver may call before we have been
	   relocated, and then nothing is found. */
	if (next_can_be_found() && to != (void *)early_syscall)
		__atomic_store_n(&interpose_next[number], to, __ATOMIC_RELAXED);
	if (!is_libcs || number != INTERPOSE_SYSCALL)
		return to;
	if (first == SYS_execve)
		return (void *)syscall_execve;
	return first == SYS_execveat ? (void *)syscall_execveat : to;
}
