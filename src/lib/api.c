/* SPDX-License-Identifier: MIT */
/*
 * The one door of the library: every public function but thread creation,
 * each of them libc's conventions around a core function.
 */
/* The build hides everything else. */
#pragma GCC visibility push(default)
#include "clonexec.h"
#pragma GCC visibility pop

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arglist.h"
#include "exec.h"
#include "execlock.h"
#include "pathexec.h"
#include "strangers.h"
#include "wait.h"

/* What the libcs do differently: the search, and who looks at the arguments of
   fexecve first (musl leaves them to the kernel). */
#ifdef __GLIBC__
#define SEARCH_RULES (&cx_search_glibc)
#define EXECFD EXECFD_GLIBC
#else
#define SEARCH_RULES (&cx_search_musl)
#define EXECFD EXECFD_MUSL
#endif

static int strategy_asked = CX_STRATEGY_DEFAULT;

static enum cx_strategy strategy(void)
{
	return (enum cx_strategy)__atomic_load_n(&strategy_asked,
						 __ATOMIC_RELAXED);
}

static int is_strategy(enum cx_strategy s)
{
	return (int)s >= CX_AUTO && (int)s <= CX_LOCK;
}

/* The core's 0 or -errno as libc says it. */
static int answer(int r)
{
	if (r >= 0)
		return r;
	errno = -r;
	return -1;
}

int cx_execve(const char *path, char *const argv[], char *const envp[])
{
	struct cx_attempt a = {
		.file = path,
		.argv = argv,
		.envp = envp,
		.strategy = strategy(),
	};

	return answer(cx_exec(&a));
}

int cx_execv(const char *path, char *const argv[])
{
	return cx_execve(path, argv, environ);
}

int cx_execveat(int dirfd, const char *path, char *const argv[],
		char *const envp[], int flags)
{
	struct cx_attempt a = {
		.file = path,
		.argv = argv,
		.envp = envp,
		.strategy = strategy(),
		.is_at = 1,
		.dirfd = dirfd,
		.flags = flags,
	};

	return answer(cx_exec(&a));
}

int cx_fexecve(int fd, char *const argv[], char *const envp[])
{
	struct cx_attempt a = {
		.file = "",
		.argv = argv,
		.envp = envp,
		.strategy = strategy(),
		.is_at = 1,
		.dirfd = fd,
		.flags = AT_EMPTY_PATH,
		.execfd = EXECFD,
	};

	/* What the kernel would take, but fexecve(3) forbids. */
	if (EXECFD == EXECFD_GLIBC && (fd < 0 || !argv || !envp))
		return answer(-EINVAL);
	return answer(cx_exec(&a));
}

int cx_execvpe(const char *file, char *const argv[], char *const envp[])
{
	struct cx_attempt a = {
		.file = file,
		.argv = argv,
		.envp = envp,
		.strategy = strategy(),
	};

	return answer(cx_pathexec(&a, getenv("PATH"), SEARCH_RULES));
}

int cx_execvp(const char *file, char *const argv[])
{
	return cx_execvpe(file, argv, environ);
}

int cx_execl(const char *path, const char *arg, ...)
{
	CX_ARGLIST(argv, arg, ap);

	va_end(ap);
	return cx_execve(path, argv, environ);
}

int cx_execlp(const char *file, const char *arg, ...)
{
	CX_ARGLIST(argv, arg, ap);

	va_end(ap);
	return cx_execvpe(file, argv, environ);
}

int cx_execle(const char *path, const char *arg, ...)
{
	CX_ARGLIST(argv, arg, ap);
	char *const *envp = va_arg(ap, char *const *);

	va_end(ap);
	return cx_execve(path, argv, envp);
}

void cx_before_clone(void)
{
	cx_execlock_enter(EXECLOCK_REGIONS);
}

void cx_after_clone(void)
{
	cx_execlock_leave(EXECLOCK_REGIONS);
}

void cx_before_thread_create(void)
{
	cx_execlock_enter(EXECLOCK_CREATIONS);
}

void cx_after_thread_create(void)
{
	cx_execlock_leave(EXECLOCK_CREATIONS);
}

int cx_before_exec(void)
{
	return answer(cx_exec_before(strategy()));
}

int cx_before_exec_with(enum cx_strategy s)
{
	if (!is_strategy(s))
		return answer(-EINVAL);
	return answer(cx_exec_before(s));
}

void cx_after_exec(void)
{
	cx_exec_after();
}

int cx_set_strategy(enum cx_strategy s)
{
	if (!is_strategy(s))
		return answer(-EINVAL);
	__atomic_store_n(&strategy_asked, (int)s, __ATOMIC_RELAXED);
	return 0;
}

int cx_set_timeout(unsigned int milliseconds)
{
	return answer(cx_wait_set_timeout(milliseconds));
}

/* What 0.1 had; a program that was built against it says so by its size. */
struct status_0_1 {
	size_t size;
	enum cx_strategy asked, in_force;
	enum cx_reason reason;
	int alone, fs_private;
};

int cx_status(struct cx_status *status)
{
	struct cx_exec_preview now;

	if (!status || (status->size != sizeof *status &&
			status->size != sizeof(struct status_0_1)))
		return answer(-EINVAL);
	status->asked = strategy();
	status->fs_private = cx_exec_fs_is_private();
	cx_exec_preview(status->asked, &now);
	status->in_force = now.in_force;
	status->reason = now.reason;
	status->alone = now.alone;
	if (status->size == sizeof *status) {
		status->exact = now.exact;
		status->strangers = cx_strangers_count();
	}
	return 0;
}
