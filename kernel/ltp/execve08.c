// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Copyright (c) 2026 the clonexec authors
 */

/*\
 * Test that threads can be created while another thread of the process is in
 * :manpage:`execve(2)`, and that no process can be created which shares the
 * file system context (CLONE_FS) with it.
 *
 * An affected kernel refuses both with EAGAIN, which nothing expects of
 * :manpage:`pthread_create(3)` then. The thread would not survive the exec,
 * the process would, and could then change the root and the working directory
 * of a set-user-ID program.
 *
 * [Algorithm]
 *
 * - Take a lease on the interpreter of a script, and let another thread
 *   execute the script; it stops until the lease is given back
 * - Create threads or processes
 * - Give the lease back; the exec fails, because the interpreter is no program
 */

#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include "tst_test.h"
#include "tst_atomic.h"
#include "tst_safe_pthread.h"
#include "lapi/sched.h"

#define SCRIPT "script"
#define INTERPRETER "interpreter"
#define STACK_SIZE (64 * 1024)
#define CLONES 50

static struct tcase {
	const char *desc;
	int flags;
	/* How many may and how many must succeed */
	int max, min;
} tcases[] = {
	{"threads", CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
	 CLONE_THREAD | CLONE_SYSVSEM, CLONES, CLONES},
	{"processes with CLONE_FS", CLONE_FS | SIGCHLD, 0, 0},
	{"processes", SIGCHLD, CLONES, CLONES},
};

static sigset_t io;
static struct tcase *tc;
static tst_atomic_t go, made, error;

static void setup(void)
{
	char *cwd = tst_tmpdir_path();

	SAFE_FILE_PRINTF(SCRIPT, "#!%s/" INTERPRETER "\n", cwd);
	SAFE_FILE_PRINTF(INTERPRETER, "no program");
	SAFE_CHMOD(SCRIPT, 0755);
	SAFE_CHMOD(INTERPRETER, 0755);

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	SAFE_SIGPROCMASK(SIG_BLOCK, &io, NULL);
}

static int nothing(void *arg LTP_ATTRIBUTE_UNUSED)
{
	/* It may have no TLS of its own. */
	syscall(SYS_exit, 0);
	return 0;
}

static void *do_exec(void *arg LTP_ATTRIBUTE_UNUSED)
{
	TST_EXP_FAIL_SILENT(execl(SCRIPT, SCRIPT, NULL), ENOEXEC);
	return NULL;
}

/* It exists before the exec, because later there may be no new thread. */
static void *do_clones(void *arg LTP_ATTRIBUTE_UNUSED)
{
	void *stack;
	int i;

	while (!tst_atomic_load(&go))
		usleep(1000);

	for (i = 0; i < CLONES; i++) {
		stack = ltp_alloc_stack(STACK_SIZE);
		if (!stack)
			tst_brk(TBROK | TERRNO, "ltp_alloc_stack() failed");

		if (ltp_clone(tc->flags, nothing, NULL, STACK_SIZE, stack) ==
		    -1)
			tst_atomic_store(errno, &error);
		else
			tst_atomic_inc(&made);
	}

	return NULL;
}

static void run_child(void)
{
	struct timespec limit = { 20, 0 };
	pthread_t exec, creator;
	int lease, n, before;

	lease = SAFE_OPEN(INTERPRETER, O_RDONLY | O_CLOEXEC);
	TEST(fcntl(lease, F_SETLEASE, F_WRLCK));
	if (TST_RET == -1)
		tst_brk(TCONF | TTERRNO, "No leases on this file system");

	SAFE_PTHREAD_CREATE(&creator, NULL, do_clones, NULL);
	SAFE_PTHREAD_CREATE(&exec, NULL, do_exec, NULL);
	if (sigtimedwait(&io, NULL, &limit) != SIGIO)
		tst_brk(TBROK | TERRNO, "execve() has not reached the lease");

	/* A kernel may let the clones wait for the exec. */
	tst_atomic_store(1, &go);
	for (n = 0; n < 100; n++) {
		before = tst_atomic_load(&made);
		if (before == CLONES || tst_atomic_load(&error))
			break;
		usleep(10000);
	}
	before = tst_atomic_load(&made);
	SAFE_FCNTL(lease, F_SETLEASE, F_UNLCK);
	SAFE_PTHREAD_JOIN(exec, NULL);
	SAFE_PTHREAD_JOIN(creator, NULL);
	SAFE_CLOSE(lease);

	n = tst_atomic_load(&made);
	if (before > tc->max || n < tc->min)
		tst_res(TFAIL, "%d of %d %s made, %d while execve() stood still: %s",
			n, CLONES, tc->desc, before,
			tst_strerrno(tst_atomic_load(&error)));
	else
		tst_res(TPASS, "%d of %d %s made, %d while execve() stood still",
			n, CLONES, tc->desc, before);
}

static void run(unsigned int n)
{
	tc = &tcases[n];
	go = made = error = 0;

	if (!SAFE_FORK()) {
		run_child();
		exit(0);
	}

	tst_reap_children();
}

static struct tst_test test = {
	.setup = setup,
	.test = run,
	.tcnt = ARRAY_SIZE(tcases),
	.needs_tmpdir = 1,
	.forks_child = 1,
};
