/* SPDX-License-Identifier: MIT */
/*
 * An ordinary program that execs a set-user-ID file while one of its threads
 * is frozen in clone(2); see src/race/freeze.h for how.  It knows nothing of
 * clonexec: the shim alone makes the difference.  Root; Linux 6.9.
 * FREEZER_STRANGER: see tests/clients/freezer.c.
 *
 *	frozen FUNCTION FILE	77: this machine can't freeze
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include CX_ARCH_H

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif

extern char **environ;

static char *page, *stack;

static void nothing(void *arg)
{
}

/* The clone by a bare system call: nobody guards this one. */
static void *creator(void *arg)
{
	unsigned long flags = CLONE_VM | CLONE_FS | CLONE_FILES |
			      CLONE_SIGHAND | CLONE_SYSVSEM | CLONE_PIDFD;

	if (!getenv("FREEZER_STRANGER"))
		flags |= CLONE_THREAD;
	arch_clone(flags, stack + 65536, (int *)page, NULL, nothing, NULL);
	return arg;
}

static int can_not(const char *what)
{
	perror(what);
	return 77;
}

static void *anonymous(size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static int freeze(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	pthread_t t;

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) != 0)
		return can_not("userfaultfd");
	page = anonymous(size);
	stack = anonymous(65536);
	reg.range.start = (unsigned long)page;
	reg.range.len = size;
	if (ioctl(fd, UFFDIO_REGISTER, &reg) != 0)
		return can_not("UFFDIO_REGISTER");
	if (setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000))
		return can_not("setresuid");
	if (pthread_create(&t, NULL, creator, NULL) != 0 ||
	    poll(&poll_fd, 1, 3000) != 1)
		return can_not("freezing");
	return 0;
}

/* Ways that go past a preload; $PLUGIN is plugin.so. */
static int call_past(const char *way, char **args)
{
	const char *plugin = getenv("PLUGIN");
	void *handle = NULL;

	if (!strcmp(way, "plugin"))
		handle = dlopen(plugin, RTLD_NOW);
	if (!strcmp(way, "deepbind"))
		handle = dlopen(plugin, RTLD_NOW | 8 /* RTLD_DEEPBIND */);
#ifdef LM_ID_NEWLM
	if (!strcmp(way, "dlmopen"))
		handle = dlmopen(LM_ID_NEWLM, plugin, RTLD_NOW);
	if (!strcmp(way, "handle"))
		return ((int (*)(const char *, char **))dlsym(
			dlopen("libc.so.6", RTLD_NOW), "execv"))(args[0], args);
#endif
	if (handle)
		return ((int (*)(char **))dlsym(handle, "plugin_exec"))(args);
	errno = EINVAL;
	return -1;
}

static int call(const char *function, const char *file)
{
	char *args[] = { (char *)file, NULL };

	if (!strcmp(function, "execve"))
		return execve(file, args, environ);
	if (!strcmp(function, "execv"))
		return execv(file, args);
	if (!strcmp(function, "execvp"))
		return execvp(file, args);
	if (!strcmp(function, "execvpe"))
		return execvpe(file, args, environ);
	if (!strcmp(function, "execl"))
		return execl(file, file, (char *)NULL);
	if (!strcmp(function, "execlp"))
		return execlp(file, file, (char *)NULL);
	if (!strcmp(function, "execle"))
		return execle(file, file, (char *)NULL, environ);
	if (!strcmp(function, "fexecve"))
		return fexecve(open(file, O_PATH | O_CLOEXEC), args, environ);
	if (!strcmp(function, "SYS_execve"))
		return (int)syscall(SYS_execve, file, args, environ);
	if (!strcmp(function, "SYS_execveat"))
		return (int)syscall(SYS_execveat, AT_FDCWD, file, args,
				    environ, 0);
	return call_past(function, args);
}

int main(int argc, char **argv)
{
	int r;

	if (argc != 3)
		return 2;
	alarm(20);
	r = freeze();
	if (r)
		return r;
	call(argv[1], argv[2]);
	perror(argv[1]);
	return 1;
}
