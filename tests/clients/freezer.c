/* SPDX-License-Identifier: MIT */
/*
 * A library that freezes one clone(2) of the process that loads it (see
 * src/race/freeze.h for how) and gives up root for nobody: by ctypes, Fiddle,
 * FFI, dynamic-link or LD_PRELOAD, whatever the program has.  From then on
 * every exec of the program itself meets the race.  Nothing here execs.
 *
 * Its loading is the call, so that a language that can only load a library can
 * use it.  FREEZER_RELEASE_MS of the environment: the clone goes on after so
 * long; otherwise never.  FREEZER_STRANGER: the clone is of a process that
 * shares the file system context, for kernels on which a thread's loses
 * nothing any more (that one loses on every kernel).  Root; Linux 6.9;
 * otherwise the process ends with 77.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include CX_ARCH_H

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif

enum { NOBODY = 65534, STACK_SIZE = 65536 };

static char *memory; /* the page of the pidfd, then the stack */
static size_t page_size;

static void can_not(const char *what)
{
	perror(what);
	_exit(77);
}

static void end_at_once(void *arg)
{
}

/* The clone by a bare system call: nobody can guard this one. */
static void *create(void *arg)
{
	unsigned long flags = CLONE_VM | CLONE_FS | CLONE_FILES |
			      CLONE_SIGHAND | CLONE_SYSVSEM | CLONE_PIDFD;

	if (!getenv("FREEZER_STRANGER"))
		flags |= CLONE_THREAD;
	arch_clone(flags,
		   memory + page_size + STACK_SIZE, (int *)(void *)memory,
		   NULL, end_at_once, NULL);
	return arg;
}

static int uffd;

static void *release(void *ms)
{
	struct uffdio_zeropage zero = {
		.range = { (unsigned long)memory, page_size },
	};

	usleep((useconds_t)atoi(ms) * 1000);
	ioctl(uffd, UFFDIO_ZEROPAGE, &zero);
	return NULL;
}

/* The descriptor stays open: to close it would let the clone go on. */
static int watch_page(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) != 0)
		can_not("userfaultfd");
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	memory = mmap(NULL, page_size + STACK_SIZE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	reg.range.start = (unsigned long)memory;
	reg.range.len = page_size;
	if (memory == MAP_FAILED || ioctl(fd, UFFDIO_REGISTER, &reg) != 0)
		can_not("UFFDIO_REGISTER");
	return fd;
}

__attribute__((constructor))
static void freeze(void)
{
	struct pollfd fault = { .events = POLLIN };
	char *ms = getenv("FREEZER_RELEASE_MS");
	pthread_t thread;

	fault.fd = uffd = watch_page();
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		can_not("giving up root");
	if (pthread_create(&thread, NULL, create, NULL) != 0 ||
	    poll(&fault, 1, 5000) != 1)
		can_not("freezing");
	if (ms && pthread_create(&thread, NULL, release, ms) != 0)
		can_not("a thread that lets it go");
}
