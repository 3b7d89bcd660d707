/* SPDX-License-Identifier: MIT */
/*
 * It asks the kernel by name and opens nothing.  An open would be seen: to
 * close any descriptor of a file drops the process's fcntl locks on it, an
 * open of a FIFO waits, of others it is noticed (atime, fanotify), and many
 * set-uid files cannot be read at all.
 *
 * Wrongly "may succeed" costs the caller its shared fs if the exec fails;
 * the header lists those cases.  Wrongly "fails" would exec without
 * protection, so only what is certain counts.
 */
#include "forecast.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arguments.h"
#include "sys.h"

#ifndef SYS_faccessat2
#define SYS_faccessat2 439 /* Linux 5.8; the same number everywhere */
#endif

enum {
	KNOWN_FLAGS = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_EXECVE_CHECK,
};

static int access_as_exec(int dirfd, const char *path, int mode, int flags)
{
	return (int)arch_syscall6(SYS_faccessat2, dirfd, (long)path, mode,
				  flags | AT_EACCESS, 0, 0);
}

/*
 * Errors that execve would answer as well.  EPERM, ENOSYS and EINVAL are
 * those of a kernel that does not know the system call.
 */
static int is_certain(int error)
{
	switch (-error) {
	case ENOENT:
	case ENOTDIR:
	case ELOOP:
	case ENAMETOOLONG:
	case EACCES:
	case EFAULT:
	case EBADF:
		return 1;
	default:
		return 0;
	}
}

/* 0 if the file may be executed, else the -errno that exec would return. */
static int look(int dirfd, const char *path, int flags, int filtered)
{
	struct sys_file file;
	int r = sys_stat(dirfd, path, &file, flags);

	if (r != 0)
		return is_certain(r) ? r : 0;
	if (!S_ISREG(file.mode))
		return -EACCES;
	/* A filter that is older than faccessat2 may kill for it.  The mode
	   alone says less: only that nobody may execute it. */
	if (filtered)
		return file.mode & 0111 ? 0 : -EACCES;
	r = access_as_exec(dirfd, path, X_OK, flags);
	return r < 0 && is_certain(r) ? r : 0;
}

/*
 * What is not there need not be tried again: the attempt begins at the file
 * that decided, which is the last one if none did.
 */
static int look_through_path(struct cx_attempt *a, int filtered)
{
	struct cx_search here = a->search, last = here;
	int r = -ENOENT;

	while (cx_search_next(&a->search, a->candidate)) {
		r = look(AT_FDCWD, a->candidate, 0, filtered);
		last = here;
		if (r == 0 || !cx_search_goes_on(a->rules, r))
			break;
		if (r == -EACCES)
			a->denied = 1;
		here = a->search;
		r = -ENOENT;
	}
	a->search = last;
	return r;
}

/*
 * A filter may answer anything for a call that it does not want, also for the
 * question whether there is a filter.  It cannot tell one path from another,
 * so "/" shows it.
 */
static int is_honest(int filtered)
{
	struct sys_file root;

	return sys_stat(AT_FDCWD, "/", &root, 0) == 0 &&
	       (filtered || access_as_exec(AT_FDCWD, "/", F_OK, 0) == 0);
}

int cx_forecast_fails(struct cx_attempt *a, int filtered)
{
	struct cx_search start = a->search;
	int flags = a->is_at ? a->flags : 0;
	int r;

	if (flags & ~KNOWN_FLAGS)
		return 0; /* of a kernel that is newer than this */
	if (a->rules)
		r = look_through_path(a, filtered);
	else
		r = look(a->is_at ? a->dirfd : AT_FDCWD, a->file,
			 flags & ~AT_EXECVE_CHECK, filtered);
	if (r == 0)
		return cx_arguments_check(a->argv, a->envp) < 0;
	if (is_honest(filtered))
		return 1;
	/* Not known: let the kernel begin at the beginning. */
	a->search = start;
	a->denied = 0;
	return 0;
}
