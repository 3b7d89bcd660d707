/* SPDX-License-Identifier: GPL-2.0 */
/* What thread-race and thread-during-exec have in common. */
#ifndef THREAD_RACE_H
#define THREAD_RACE_H

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef CLONE_PIDFD
#define CLONE_PIDFD	0x00001000
#endif

#define STACK_SIZE	(64 * 1024)
#define LIMIT		20	/* seconds that one exec may take */

#define THREAD		(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | \
			 CLONE_THREAD | CLONE_SYSVSEM)

/* How a child of ours, or the program that it became, ends. */
enum outcome {
	KEPT = 0,	/* the victim's euid is that of its file */
	LOST = 1,	/* it is not */
	NO_UFFD = 50,	/* userfaultfd is not there or not permitted */
	NO_PIDFD,	/* no CLONE_PIDFD for a thread: before 6.9 */
	NO_LEASE,	/* the file system has none */
	NO_THREAD,	/* clone() has been refused with EAGAIN */
	BROKEN,
};

static inline void nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static inline double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static inline void *pages(size_t size, int flags)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       flags | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		_exit(BROKEN);
	return p;
}

static inline int copy_file(const char *from, const char *to, mode_t mode)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	char buf[4096];
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		if (write(out, buf, n) != n)
			return -1;
	if (n < 0 || out < 0)
		return -1;
	close(in);
	return close(out);
}

static inline int nothing(void *arg)
{
	/* It may have no TLS of its own, so libc is not for it. */
	syscall(SYS_exit, 0);
	return 0;
}

static inline int clone_with(int flags, int *pidfd)
{
	char *stack = pages(STACK_SIZE, MAP_PRIVATE);

	return clone(nothing, stack + STACK_SIZE, flags, NULL, pidfd);
}

/* ---- A clone that stands still ------------------------------------------ */

struct stopped_clone {
	int flags;
	int uffd;
	int *page;
	atomic_int error;
};

static inline void *do_clone(void *arg)
{
	struct stopped_clone *s = arg;

	if (clone_with(s->flags | CLONE_PIDFD, s->page) < 0)
		atomic_store(&s->error, errno);
	return NULL;
}

/* Needs privileges: those for a userfaultfd that stops the kernel as well. */
static inline void prepare_clone(struct stopped_clone *s, int flags)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	long size = sysconf(_SC_PAGESIZE);

	s->flags = flags;
	s->uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (s->uffd < 0)
		_exit(NO_UFFD);
	s->page = pages(size, MAP_PRIVATE);
	reg.range.start = (unsigned long)s->page;
	reg.range.len = size;
	if (ioctl(s->uffd, UFFDIO_API, &api) ||
	    ioctl(s->uffd, UFFDIO_REGISTER, &reg))
		_exit(NO_UFFD);
}

/* Returns when the clone stands still. */
static inline void start_clone(struct stopped_clone *s)
{
	struct pollfd p = { .fd = s->uffd, .events = POLLIN };
	double end = seconds() + LIMIT / 2;
	pthread_t thread;
	struct stat st;

	if (pthread_create(&thread, NULL, do_clone, s))
		_exit(BROKEN);
	while (poll(&p, 1, 10) != 1 || !(p.revents & POLLIN)) {
		if (atomic_load(&s->error) == EINVAL)
			_exit(NO_PIDFD);
		if (atomic_load(&s->error) || seconds() > end)
			_exit(BROKEN);
	}
	/* There are two of us: the new one is not on the list. */
	if (stat("/proc/self/task", &st) || st.st_nlink != 4)
		_exit(BROKEN);
}

#endif
