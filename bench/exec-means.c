/* SPDX-License-Identifier: MIT */
#include "exec-means.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

enum { STACK = 64 * 1024 };

static void plain(const char *path, char *const argv[], char *const envp[])
{
	execve(path, argv, envp);
}

static void ours(const char *path, char *const argv[], char *const envp[])
{
	cx_execve(path, argv, envp);
}

static void by_unshare(const char *path, char *const argv[], char *const envp[])
{
	cx_set_strategy(CX_UNSHARE);
	cx_execve(path, argv, envp);
}

static void by_helper(const char *path, char *const argv[], char *const envp[])
{
	cx_set_strategy(CX_HELPER);
	cx_execve(path, argv, envp);
}

static void by_lock(const char *path, char *const argv[], char *const envp[])
{
	cx_set_strategy(CX_LOCK);
	cx_execve(path, argv, envp);
}

/* What nobody can do without: the kernel's own part of the ways above. */
static void bare_unshare(const char *path, char *const argv[],
			 char *const envp[])
{
	unshare(CLONE_FS);
	execve(path, argv, envp);
}

/* The same, with the two questions of /proc without which it might be killed by
   a filter, or not be plain for one thread. */
static void bare_asking(const char *path, char *const argv[],
			char *const envp[])
{
	char text[1024];
	struct stat st;
	int fd;

	stat("/proc/self/task", &st);
	fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	if (read(fd, text, sizeof text) > 0)
		close(fd);
	bare_unshare(path, argv, envp);
}

static struct {
	const char *path;
	char *const *argv, *const *envp;
} bare;

static int bare_thread(void *arg)
{
	execve(bare.path, bare.argv, bare.envp);
	_exit(1);
	return arg != NULL;
}

static void bare_helper(const char *path, char *const argv[],
			char *const envp[])
{
	static char stack[STACK] __attribute__((aligned(16)));

	bare.path = path;
	bare.argv = argv;
	bare.envp = envp;
	clone(bare_thread, stack + sizeof stack,
	      CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
		      CLONE_SYSVSEM,
	      NULL);
	for (;;)
		pause();
}

static void search_plain(const char *path, char *const argv[],
			 char *const envp[])
{
	execvpe(strrchr(path, '/') + 1, argv, envp);
}

static void search_ours(const char *path, char *const argv[],
			char *const envp[])
{
	cx_execvpe(strrchr(path, '/') + 1, argv, envp);
}

/* A child execs; the parent stays, so this is another thing. */
static void wait_and_end(pid_t pid)
{
	int status = 1;

	waitpid(pid, &status, 0);
	_exit(status != 0);
}

static void by_fork(const char *path, char *const argv[], char *const envp[])
{
	pid_t pid = fork();

	if (pid == 0) {
		execve(path, argv, envp);
		_exit(1);
	}
	wait_and_end(pid);
}

static void by_vfork(const char *path, char *const argv[], char *const envp[])
{
	pid_t pid = vfork();

	if (pid == 0) {
		execve(path, argv, envp);
		_exit(1);
	}
	wait_and_end(pid);
}

static void by_spawn(const char *path, char *const argv[], char *const envp[])
{
	pid_t pid;

	if (posix_spawn(&pid, path, NULL, NULL, argv, envp) != 0)
		_exit(1);
	wait_and_end(pid);
}

static const struct means means[] = {
	{ "plain", plain, "none" },
	{ "auto", ours, "ours" },
	{ "unshare", by_unshare, "ours" },
	{ "helper", by_helper, "ours" },
	{ "lock", by_lock, "ours" },
	{ "search-plain", search_plain, "none" },
	{ "search", search_ours, "ours" },
	{ "bare-unshare", bare_unshare, "none" },
	{ "bare-asking", bare_asking, "none" },
	{ "bare-helper", bare_helper, "none" },
	{ "mutex", plain, "mutex" },
	{ "rwlock", plain, "rwlock" },
	{ "retry", plain, "retry" },
	{ "fork", by_fork, "none" },
	{ "vfork", by_vfork, "none" },
	{ "spawn", by_spawn, "none" },
};

const struct means *means_at(int i)
{
	return i >= 0 && i < (int)(sizeof means / sizeof *means) ? &means[i] :
								   NULL;
}

const struct means *means_find(const char *name)
{
	int i;

	for (i = 0; means_at(i); i++)
		if (!strcmp(means[i].name, name))
			return &means[i];
	return NULL;
}
