/* SPDX-License-Identifier: MIT */
/*
 * What an exec by musl's execve does beside a pthread_create of musl's, without
 * luck.  Linked statically with a musl whose clone function has been renamed to
 * plain_clone (try does that), so that this one is called: it freezes the one
 * clone that it is asked for in the kernel's window (see src/race/freeze.h).
 *
 *	race frozen MS PROGRAM	execs PROGRAM as nobody beside a creation that
 *				is frozen for MS milliseconds
 *	race slow MS		creates 50 threads beside an exec whose open
 *				takes MS milliseconds; prints how many failed
 *	race storm N		N times: fork, and in the child exec beside
 *				three threads that create threads
 *	race cost N		N execs of a file that is missing, one thread
 *				idle beside; prints ns for each
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif

enum { NOBODY = 65534, CREATIONS = 50, UNAVAILABLE = 77 };

extern char **environ;

static void can_not(const char *what)
{
	perror(what);
	_exit(UNAVAILABLE);
}

static void nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/* ---- A creation that stands still ---------------------------------------- */

static int *frozen_page; /* what the kernel writes the pidfd to */
static atomic_int freeze_next;

int plain_clone(int (*fn)(void *), void *stack, int flags, void *arg, ...);

/*
 * musl's own, except for the one clone that is to be frozen: that has a pidfd,
 * which the kernel writes after copy_fs() and before it makes the thread known.
 */
int __clone(int (*fn)(void *), void *stack, int flags, void *arg, ...)
{
	int *tid, *cleared, ret;
	va_list more;
	void *tls;

	va_start(more, arg);
	tid = va_arg(more, int *);
	tls = va_arg(more, void *);
	cleared = va_arg(more, int *);
	va_end(more);
	if (!(flags & CLONE_THREAD) || !atomic_exchange(&freeze_next, 0))
		return plain_clone(fn, stack, flags, arg, tid, tls, cleared);
	flags &= ~(CLONE_PARENT_SETTID | CLONE_DETACHED);
	ret = plain_clone(fn, stack, flags | CLONE_PIDFD, arg, frozen_page, tls,
			  cleared);
	if (ret > 0)
		*tid = ret;
	return ret;
}

static void *end_at_once(void *arg)
{
	return arg;
}

static int create(void)
{
	pthread_t t;
	int error = pthread_create(&t, NULL, end_at_once, NULL);

	if (!error)
		pthread_join(t, NULL);
	return error;
}

static void *create_frozen(void *arg)
{
	atomic_store(&freeze_next, 1);
	create();
	return arg;
}

static int uffd;
static atomic_int stands_still;

static void *let_go(void *ms)
{
	struct uffdio_zeropage zero = {
		.range = { (unsigned long)frozen_page,
			   (unsigned long)sysconf(_SC_PAGESIZE) },
	};

	while (!atomic_load(&stands_still))
		nap(1);
	nap(atoi(ms));
	ioctl(uffd, UFFDIO_ZEROPAGE, &zero);
	return NULL;
}

static void watch_page(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	size_t size = (size_t)sysconf(_SC_PAGESIZE);

	uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api))
		can_not("userfaultfd");
	frozen_page = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	reg.range.start = (unsigned long)frozen_page;
	reg.range.len = size;
	if (frozen_page == MAP_FAILED || ioctl(uffd, UFFDIO_REGISTER, &reg))
		can_not("UFFDIO_REGISTER");
}

static int frozen(char *ms, char *program)
{
	char *const argv[] = { program, NULL }, *const envp[] = { NULL };
	struct pollfd fault = { .events = POLLIN };
	pthread_t creator, timer;

	watch_page();
	fault.fd = uffd;
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		can_not("giving up root");
	/* (While it stands still perhaps no thread can be created.) */
	if (pthread_create(&timer, NULL, let_go, ms) ||
	    pthread_create(&creator, NULL, create_frozen, NULL))
		can_not("pthread_create");
	if (poll(&fault, 1, 10000) != 1)
		can_not("freezing");
	atomic_store(&stands_still, 1);
	return execve(program, argv, envp);
}

/* ---- An exec that stands still: its interpreter is under a lease --------- */

static char directory[] = "/tmp/musl-race-XXXXXX";
static char script[64], interpreter[64];
static int lease;

static void put(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0700);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		can_not(path);
	close(fd);
}

static void take_lease(void)
{
	char text[80];
	sigset_t io;

	if (!mkdtemp(directory))
		can_not("mkdtemp");
	snprintf(script, sizeof(script), "%s/s", directory);
	snprintf(interpreter, sizeof(interpreter), "%s/i", directory);
	snprintf(text, sizeof(text), "#!%s\n", interpreter);
	put(script, text);
	put(interpreter, "not a program");
	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	sigprocmask(SIG_BLOCK, &io, NULL);
	lease = open(interpreter, O_RDONLY | O_CLOEXEC);
	if (lease < 0 || fcntl(lease, F_SETLEASE, F_WRLCK))
		can_not("F_SETLEASE");
}

static void *exec_script(void *arg)
{
	char *const argv[] = { script, NULL };

	execve(script, argv, environ);
	return arg;
}

static void *end_lease(void *ms)
{
	struct timespec limit = { 10, 0 };
	sigset_t io;

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	if (sigtimedwait(&io, NULL, &limit) != SIGIO)
		can_not("an exec that stands still");
	atomic_store(&stands_still, 1);
	nap(atoi(ms));
	fcntl(lease, F_SETLEASE, F_UNLCK);
	return NULL;
}

static int slow(char *ms)
{
	pthread_t exec, timer;
	int i, failed = 0;

	take_lease();
	if (pthread_create(&timer, NULL, end_lease, ms) ||
	    pthread_create(&exec, NULL, exec_script, NULL))
		can_not("pthread_create");
	while (!atomic_load(&stands_still))
		nap(1);
	for (i = 0; i < CREATIONS; i++)
		failed += create() != 0;
	pthread_join(exec, NULL);
	pthread_join(timer, NULL);
	printf("%d of %d creations failed\n", failed, CREATIONS);
	unlink(script);
	unlink(interpreter);
	rmdir(directory);
	return 0;
}

/* ---- Many, and the children that share the lock's memory ----------------- */

static atomic_uint *counts; /* created, failed: shared with the children */

static void *create_on(void *arg)
{
	for (;;)
		atomic_fetch_add(&counts[create() != 0], 1);
	return arg;
}

static int ended_well(pid_t pid)
{
	int status;

	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static int spawn_and_vfork(const char *self)
{
	char *const argv[] = { (char *)self, "end", NULL };
	pid_t pid;

	if (posix_spawn(&pid, self, NULL, NULL, argv, environ) ||
	    !ended_well(pid))
		return 0;
	pid = vfork();
	if (pid == 0) {
		execve(self, argv, environ);
		_exit(1);
	}
	/* Its parent's lock is free, and a failing exec leaves it so. */
	return ended_well(pid) && execve("/nowhere", argv, environ) == -1 &&
	       create() == 0;
}

_Noreturn static void exec_beside_creators(const char *self)
{
	char *const argv[] = { (char *)self, "end", NULL };
	pthread_t t;
	int i;

	for (i = 0; i < 3; i++)
		pthread_create(&t, NULL, create_on, NULL);
	if (spawn_and_vfork(self))
		execve(self, argv, environ);
	_exit(1);
}

static int storm(const char *self, int n)
{
	int i, bad = 0;
	pid_t pid;

	counts = mmap(NULL, sizeof(*counts) * 2, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (i = 0; i < n; i++) {
		pid = fork();
		if (pid == 0) {
			alarm(60);
			exec_beside_creators(self);
		}
		bad += !ended_well(pid);
	}
	printf("%d of %d execs went wrong; %u creations, %u failed\n", bad, n,
	       atomic_load(&counts[0]), atomic_load(&counts[1]));
	return bad != 0;
}

/* ---- What it costs ------------------------------------------------------- */

static void *wait_on(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static int cost(int n)
{
	char *const argv[] = { "x", NULL };
	struct timespec begin, end;
	pthread_t t;
	int i;

	pthread_create(&t, NULL, wait_on, NULL);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (i = 0; i < n; i++)
		execve("/nowhere", argv, environ);
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.0f ns\n", ((double)(end.tv_sec - begin.tv_sec) * 1e9 +
			     (double)(end.tv_nsec - begin.tv_nsec)) /
				    n);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "end"))
		return 0;
	if (!strcmp(what, "frozen") && argc == 4)
		return frozen(argv[2], argv[3]);
	if (!strcmp(what, "slow") && argc == 3)
		return slow(argv[2]);
	if (!strcmp(what, "storm") && argc == 3)
		return storm("/proc/self/exe", atoi(argv[2]));
	if (!strcmp(what, "cost") && argc == 3)
		return cost(atoi(argv[2]));
	fputs("usage: race frozen MS PROGRAM | slow MS | storm N | cost N\n",
	      stderr);
	return 2;
}
