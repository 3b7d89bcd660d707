/* SPDX-License-Identifier: MIT */
/*
 * A kernel that has the bug fixed, simulated for the programs that load this
 * (LD_PRELOAD): before each execve the caller gets a file system context of its
 * own, so there is no one to be counted wrongly, and nothing to lose.
 */
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

int execve(const char *path, char *const argv[], char *const envp[])
{
	unshare(CLONE_FS);
	return (int)syscall(SYS_execve, path, argv, envp);
}
