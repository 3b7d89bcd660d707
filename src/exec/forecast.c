/* SPDX-License-Identifier: MIT */
/*
 * It asks the kernel by name and opens nothing.  An open would be seen: to
 * close any descriptor of a file drops the process's fcntl locks on it, an
 * open of a FIFO waits, of others it is noticed (atime, fanotify), and many
 * set-uid files cannot be read at all.
 *
 * Wrongly "may succeed" costs the caller its shared fs if the exec fails;
 * the header lists those cases.  "No file" is no verdict: a file system may
 * have rules of its own for access(2) (FUSE), and a directory or a link on
 * the path may be exchanged at any moment, so exec.c lets the kernel confirm
 * it in a way that cannot execute anything.
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

/*
 * 0 if the file may be executed, else the -errno that exec would return.  That
 * it is denied to this user is a guess, for a file system may have rules of
 * its own (FUSE); that nobody may execute it is none.
 */
static int look_at_file(int dirfd, const char *path, int flags,
			struct process *p, int *is_guess)
{
	struct sys_file file;
	int r = sys_stat(dirfd, path, &file, flags);

	if (r != 0)
		return is_certain(r) ? r : 0;
	if (S_ISLNK(file.mode))
		return -ELOOP;
	if (!S_ISREG(file.mode))
		return -EACCES;
	/* A filter that is older than faccessat2 may kill for it.  The mode
	   alone says less: only that nobody may execute it. */
	cx_process_ask(p);
	if (p->filtered)
		return file.mode & 0111 ? 0 : -EACCES;
	r = access_as_exec(dirfd, path, X_OK, flags);
	*is_guess |= (file.mode & 0111) != 0;
	return r < 0 && is_certain(r) ? r : 0;
}

/*
 * What is not there need not be tried again: the attempt begins at the first
 * file that is there, though it may be one that cannot be executed (only the
 * kernel's own EACCES counts), or else at the last name.
 */
static int look_through_path(struct cx_attempt *a, struct process *p,
			     int *is_guess)
{
	struct cx_search here = a->search, begin = here;
	int r = -ENOENT, last = r, is_there = 0, denied = 0;

	while (cx_search_next(&a->search, a->candidate)) {
		r = look_at_file(AT_FDCWD, a->candidate, 0, p, is_guess);
		if (!is_there)
			begin = here;
		is_there |= r != -ENOENT && r != -ENOTDIR;
		if (r == 0 || !cx_search_goes_on(a->rules, r))
			break;
		here = a->search;
		denied |= r == -EACCES;
		last = r;
		r = -ENOENT;
	}
	a->search = begin;
	/* As attempt.c has it: an error that ended the search is the answer. */
	a->foreseen = r != -ENOENT ? r : denied ? -EACCES : last;
	return r;
}

/*
 * A filter may answer anything for a call that it does not want.  It cannot
 * tell one path from another, so /proc has shown it, or else "/" does.
 */
static int is_honest(const struct process *p)
{
	struct sys_file root;

	return p->is_stat_honest || sys_stat(AT_FDCWD, "/", &root, 0) == 0;
}

enum forecast cx_forecast(struct cx_attempt *a, struct process *p)
{
	struct cx_search start = a->search;
	int flags = a->is_at ? a->flags : 0;
	int r, is_guess = 0;

	if (flags & ~KNOWN_FLAGS)
		return FORECAST_OPEN; /* of a kernel that is newer than this */
	if (a->rules)
		r = look_through_path(a, p, &is_guess);
	else
		r = a->foreseen =
			look_at_file(a->is_at ? a->dirfd : AT_FDCWD, a->file,
				     flags & ~AT_EXECVE_CHECK, p, &is_guess);
	if (is_guess)
		a->foreseen = 0;
	if (r == 0)
		return cx_arguments_check(a->argv, a->envp) < 0 ?
			       FORECAST_ARGUMENTS :
			       FORECAST_OPEN;
	if (is_honest(p))
		return r == -EFAULT ? FORECAST_ARGUMENTS : FORECAST_NO_FILE;
	/* Not known: the kernel begins at the first candidate. */
	a->search = start;
	return FORECAST_OPEN;
}
