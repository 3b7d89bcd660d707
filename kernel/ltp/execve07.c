// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Copyright (c) 2026 the clonexec authors
 */

/*\
 * Test that :manpage:`execve(2)` of a set-user-ID program grants its
 * privileges while another thread of the process creates a thread, and that it
 * does not grant them if another process shares the file system context
 * (CLONE_FS).
 *
 * A thread uses the context of its process as soon as :manpage:`clone(2)` has
 * reached copy_fs(), but is a thread of the process only later. An affected
 * kernel takes it for another process in between, and starts the program
 * without its privileges.
 *
 * [Algorithm]
 *
 * - Register a missing page with :manpage:`userfaultfd(2)`
 * - Let another thread call clone() with CLONE_PIDFD and this page as the place
 *   for the descriptor; it stops there, which is after copy_fs()
 * - Execute a set-user-ID program, which reports its user by its exit status
 */

#define _GNU_SOURCE
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include "tst_test.h"
#include "tst_safe_pthread.h"
#include "lapi/sched.h"
#include "lapi/userfaultfd.h"

#define MNTPOINT "mntpoint"
#define CHILD "execve07_child"
#define VICTIM MNTPOINT "/" CHILD
#define STACK_SIZE (64 * 1024)
#define RUNS 10

#define THREAD (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | \
		CLONE_THREAD | CLONE_SYSVSEM)

static struct tcase {
	const char *desc;
	/* Of the clone that stands still, 0 if there is none */
	int flags;
	/* Another process that shares the context */
	int sharer;
	/* What the program exits with: 0 if it has its privileges */
	int exp;
} tcases[] = {
	{"nothing else", 0, 0, 0},
	{"a thread being made", THREAD, 0, 0},
	{"a child being made", SIGCHLD, 0, 0},
	{"a process with CLONE_FS being made", CLONE_FS | SIGCHLD, 0, 1},
	{"a process with CLONE_FS", 0, 1, 1},
	{"a process with CLONE_FS, and a thread being made", THREAD, 1, 1},
};

static uid_t owner_uid, caller_uid;
static gid_t owner_gid, caller_gid;
static long page_size;
static int *page;
static int uffd;
static int mounted;

static void setup(void)
{
	char path[PATH_MAX];
	struct passwd *user;

	if (tst_get_path(CHILD, path, sizeof(path)))
		tst_brk(TCONF, "Couldn't find " CHILD " in $PATH");

	/* Where it is not permitted, TCONF here is TCONF for the test. */
	uffd = SAFE_USERFAULTFD(O_CLOEXEC | O_NONBLOCK, false);
	SAFE_CLOSE(uffd);

	user = SAFE_GETPWNAM("daemon");
	owner_uid = user->pw_uid;
	owner_gid = user->pw_gid;
	user = SAFE_GETPWNAM("nobody");
	caller_uid = user->pw_uid;
	caller_gid = user->pw_gid;
	page_size = SAFE_SYSCONF(_SC_PAGESIZE);

	SAFE_MKDIR(MNTPOINT, 0755);
	SAFE_MOUNT("ltp-execve07", MNTPOINT, "tmpfs", 0, "mode=0755");
	mounted = 1;
	SAFE_CP(path, VICTIM);
	SAFE_CHOWN(VICTIM, owner_uid, owner_gid);
	SAFE_CHMOD(VICTIM, 04755);
	SAFE_CHMOD(".", 0755);
}

static void cleanup(void)
{
	if (mounted)
		SAFE_UMOUNT(MNTPOINT);
}

static int nothing(void *arg LTP_ATTRIBUTE_UNUSED)
{
	/* It may have no TLS of its own. */
	syscall(SYS_exit, 0);
	return 0;
}

static int linger(void *parent)
{
	while (getppid() == (pid_t)(long)parent)
		usleep(20000);
	_exit(0);
}

static int do_clone(int flags, int (*fn)(void *), void *arg, int *pidfd)
{
	void *stack = ltp_alloc_stack(STACK_SIZE);

	if (!stack)
		tst_brk(TBROK | TERRNO, "ltp_alloc_stack() failed");

	return ltp_clone7(flags, fn, arg, STACK_SIZE, stack, pidfd, NULL, NULL);
}

static void *stop_in_clone(void *flags)
{
	if (do_clone((long)flags | CLONE_PIDFD, nothing, NULL, page) == -1)
		tst_brk(TBROK | TERRNO, "clone() did not stop");

	return NULL;
}

static void prepare_page(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	page = SAFE_MMAP(NULL, page_size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uffd = SAFE_USERFAULTFD(O_CLOEXEC | O_NONBLOCK, false);
	SAFE_IOCTL(uffd, UFFDIO_API, &api);
	reg.range.start = (unsigned long)page;
	reg.range.len = page_size;
	SAFE_IOCTL(uffd, UFFDIO_REGISTER, &reg);
}

static void start_clone(int flags)
{
	struct pollfd p = { .fd = uffd, .events = POLLIN };
	pthread_t thread;

	SAFE_PTHREAD_CREATE(&thread, NULL, stop_in_clone, (void *)(long)flags);
	if (poll(&p, 1, 10000) != 1 || !(p.revents & POLLIN))
		tst_brk(TBROK, "clone() has not reached the missing page");
}

static void do_exec(struct tcase *tc)
{
	if (tc->sharer && do_clone(CLONE_FS | SIGCHLD, linger,
				   (void *)(long)getpid(), NULL) == -1)
		tst_brk(TBROK | TERRNO, "clone(CLONE_FS) failed");

	/* It stops the kernel too, which takes privileges. */
	if (tc->flags)
		prepare_page();

	SAFE_SETGROUPS(0, NULL);
	SAFE_SETRESGID(caller_gid, caller_gid, caller_gid);
	SAFE_SETRESUID(caller_uid, caller_uid, caller_uid);

	if (tc->flags)
		start_clone(tc->flags);

	execl(VICTIM, CHILD, NULL);
	tst_brk(TBROK | TERRNO, "execl() failed");
}

static void run(unsigned int n)
{
	struct tcase *tc = &tcases[n];
	int i, status, wrong = 0;
	pid_t pid;

	for (i = 0; i < RUNS; i++) {
		pid = SAFE_FORK();
		if (!pid)
			do_exec(tc);

		SAFE_WAITPID(pid, &status, 0);
		if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
			tst_brk(TBROK, "%s: %s", tc->desc,
				tst_strstatus(status));

		wrong += WEXITSTATUS(status) != tc->exp;
	}

	tst_res(wrong ? TFAIL : TPASS, "Beside %s: %sset-user-ID %d of %d times",
		tc->desc, tc->exp ? "not " : "", RUNS - wrong, RUNS);
}

static struct tst_test test = {
	.setup = setup,
	.cleanup = cleanup,
	.test = run,
	.tcnt = ARRAY_SIZE(tcases),
	.needs_root = 1,
	.needs_tmpdir = 1,
	.forks_child = 1,
	/* CLONE_PIDFD with CLONE_THREAD */
	.min_kver = "6.9",
	.needs_kconfigs = (const char *const []) {
		"CONFIG_USERFAULTFD=y",
		NULL
	},
};
