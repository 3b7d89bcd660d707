/* SPDX-License-Identifier: MIT */
/*
 * A kernel that has the bug fixed, simulated for the programs that load this
 * (LD_PRELOAD).  Before an execve the caller gets a file system context of its
 * own, so there is no one to be counted wrongly, and nothing to lose; but not
 * if a process that shares it is in the making, for which such a kernel loses
 * like any other.  Nor does it create one beside an exec.
 *
 * BROKEN_FREEZER of the environment: it does neither, as if what freezes the
 * race did so at a place where nothing is at stake.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int execs;

static int freezes(void)
{
	return !getenv("BROKEN_FREEZER");
}

/* In clone(2) for a process with our fs: its flags are an argument. */
static int clones_a_stranger(const char *tid)
{
	unsigned long long arg[2], flags;
	char path[64];
	FILE *file;
	long nr;
	int n;

	snprintf(path, sizeof path, "/proc/self/task/%.20s/syscall", tid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	n = fscanf(file, "%ld %llx %llx", &nr, &arg[0], &arg[1]);
	fclose(file);
#ifdef __s390__
	flags = arg[1];
#else
	flags = arg[0];
#endif
	return n == 3 && nr == SYS_clone && (flags & CLONE_FS) &&
	       !(flags & CLONE_THREAD);
}

static int strangers(void)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *task;
	int found = 0;

	while (tasks && !found && (task = readdir(tasks)))
		found = clones_a_stranger(task->d_name);
	if (tasks)
		closedir(tasks);
	return found;
}

int execve(const char *path, char *const argv[], char *const envp[])
{
	int r;

	/* A process that has changed its ids may not read that directory. */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	if (!freezes() || !strangers())
		unshare(CLONE_FS);
	atomic_fetch_add(&execs, 1);
	r = (int)syscall(SYS_execve, path, argv, envp);
	atomic_fetch_sub(&execs, 1);
	return r;
}

int clone(int (*run)(void *), void *stack, int flags, void *arg, ...)
{
	int (*next)(int (*)(void *), void *, int, void *, ...) =
		(int (*)(int (*)(void *), void *, int, void *, ...))dlsym(
			RTLD_NEXT, "clone");

	if (freezes() && atomic_load(&execs) && (flags & CLONE_FS) &&
	    !(flags & CLONE_THREAD)) {
		errno = EAGAIN;
		return -1;
	}
	return next(run, stack, flags, arg);
}
