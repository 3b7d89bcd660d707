/* SPDX-License-Identifier: MIT */
#include "clock.h"
#include "freeze.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <clonexec.h>

#include CX_ARCH_H

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000 /* Linux 5.2, glibc 2.31 */
#endif
#ifndef USERFAULTFD_IOC_NEW
#define USERFAULTFD_IOC_NEW _IO(0xAA, 0x00) /* Linux 6.1 */
#endif

enum { STACK_SIZE = 65536 };

/* ---- Getting ready ---------------------------------------------------- */

/*
 * O_NONBLOCK, or poll() on it answers POLLERR at once.  Not
 * UFFD_USER_MODE_ONLY: the fault that matters comes from the kernel.
 */
static int open_uffd(void)
{
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	int error = -errno, device;

	if (fd >= 0)
		return fd;
	device = open("/dev/userfaultfd", O_RDWR | O_CLOEXEC);
	if (device < 0)
		return error;
	fd = ioctl(device, USERFAULTFD_IOC_NEW, O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		fd = -errno;
	close(device);
	return fd;
}

static int watch_page(struct freeze *f)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { (unsigned long)f->memory, f->page_size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	if (ioctl(f->uffd, UFFDIO_API, &api) ||
	    ioctl(f->uffd, UFFDIO_REGISTER, &reg))
		return -errno;
	return 0;
}

int freeze_open(struct freeze *f)
{
	int error;

	memset(f, 0, sizeof(*f));
	f->page_size = (size_t)sysconf(_SC_PAGESIZE);
	f->uffd = open_uffd();
	if (f->uffd < 0)
		return f->uffd;
	f->memory = mmap(NULL, f->page_size + STACK_SIZE,
			 PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	error = f->memory == MAP_FAILED ? -errno : watch_page(f);
	f->failed = error ? -1 : eventfd(0, EFD_CLOEXEC);
	if (!error && f->failed < 0)
		error = -errno;
	if (error) {
		if (f->memory != MAP_FAILED)
			munmap(f->memory, f->page_size + STACK_SIZE);
		close(f->uffd);
	}
	return error;
}

/* ---- The clone -------------------------------------------------------- */

/* Shares the creator's TLS, so it touches nothing and is not instrumented. */
__attribute__((no_sanitize("address", "thread", "undefined"))) static void
end_at_once(void *arg)
{
}

static unsigned long flags(const struct freeze *f)
{
	unsigned long shared = CLONE_VM | CLONE_FS | CLONE_FILES |
			       CLONE_SIGHAND | CLONE_SYSVSEM | CLONE_PIDFD;

	return f->what == FREEZE_THREAD ? shared | CLONE_THREAD : shared;
}

static void *create(void *arg)
{
	struct freeze *f = arg;
	char *top = f->memory + f->page_size + STACK_SIZE;
	int *pidfd = (int *)(void *)f->memory;
	long ret;

	if (f->guarded)
		cx_before_clone();
	atomic_store(&f->tid, (int)syscall(SYS_gettid));
	atomic_store(&f->called, clock_ns());
	ret = arch_clone(flags(f), top, pidfd, NULL, end_at_once, NULL);
	if (f->guarded)
		cx_after_clone();
	if (ret > 0)
		close(*pidfd);
	atomic_store(&f->outcome, ret > 0 ? 1 : (int)ret);
	/* It raised no fault for freeze_wait() to see. */
	if (ret < 0)
		eventfd_write(f->failed, 1);
	return NULL;
}

int freeze_start(struct freeze *f, enum freeze_what what, int guarded)
{
	f->what = what;
	f->guarded = guarded;
	return -pthread_create(&f->creator, NULL, create, f);
}

static int took_fault(struct freeze *f)
{
	struct uffd_msg msg;

	return read(f->uffd, &msg, sizeof(msg)) == (ssize_t)sizeof(msg) &&
	       msg.event == UFFD_EVENT_PAGEFAULT;
}

int freeze_wait(struct freeze *f)
{
	struct pollfd p[] = {
		{ .fd = f->uffd, .events = POLLIN },
		{ .fd = f->failed, .events = POLLIN },
	};
	int outcome;

	for (;;) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return -errno;
		if (took_fault(f))
			return 0;
		outcome = atomic_load(&f->outcome);
		if (outcome)
			return outcome < 0 ? outcome : -EIO;
	}
}

int freeze_release(struct freeze *f)
{
	struct uffdio_zeropage zero = {
		.range = { (unsigned long)f->memory, f->page_size },
	};

	return ioctl(f->uffd, UFFDIO_ZEROPAGE, &zero) ? -errno : 0;
}

/*
 * The new thread's stack is not unmapped: nothing tells when the thread has
 * left it.
 */
void freeze_close(struct freeze *f)
{
	pthread_join(f->creator, NULL);
	close(f->uffd);
	close(f->failed);
}

const char *freeze_why(int error)
{
	switch (-error) {
	case EPERM:
	case EACCES:
		return "userfaultfd is not permitted";
	case ENOSYS:
		return "the kernel has no userfaultfd";
	case EINVAL:
		return "it needs Linux 6.9 (CLONE_PIDFD for a thread)";
	case ETIMEDOUT:
		return "the clone did not freeze in time";
	default:
		return strerror(-error);
	}
}
