// SPDX-License-Identifier: GPL-2.0
/*
 * Clones while another thread of the same process is in execve().
 *
 * From the decision on its privileges until it is the only thread, an exec
 * must not come to share its fs_struct with a process that survives it. A new
 * thread does not survive it, so it must not be refused: nothing in user space
 * expects EAGAIN from pthread_create() then.
 *
 * The exec is stopped by a write lease on a script's interpreter, which the
 * kernel opens in between. No privileges, no second CPU and no luck needed.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "thread-race.h"

#define THREADS	50

/* It goes on until the exec ends it, and the process with it if not. */
static int forever(void *arg)
{
	for (;;)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	return 0;
}

FIXTURE(during_exec)
{
	char dir[64];
	char script[80];
	char interpreter[80];
};

static int put_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return -1;
	return close(fd);
}

FIXTURE_SETUP(during_exec)
{
	char text[96];
	sigset_t io;

	snprintf(self->dir, sizeof(self->dir), "/tmp/thread-during-XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	snprintf(self->script, sizeof(self->script), "%s/s", self->dir);
	snprintf(self->interpreter, sizeof(self->interpreter), "%s/i",
		 self->dir);
	snprintf(text, sizeof(text), "#!%s\n", self->interpreter);
	ASSERT_EQ(0, put_file(self->script, text));
	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	ASSERT_EQ(0, pthread_sigmask(SIG_BLOCK, &io, NULL));
}

FIXTURE_TEARDOWN(during_exec)
{
	unlink(self->interpreter);
	unlink(self->script);
	rmdir(self->dir);
}

/* ---- An exec that stands still and then fails ----------------------------- */

static void *exec_script(void *path)
{
	execl(path, "script", NULL);
	return (void *)(long)errno;
}

/* The kernel tells the holder of a lease that it opens the file. */
static int wait_for_exec(void)
{
	struct timespec limit = { LIMIT, 0 };
	sigset_t io;

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	return sigtimedwait(&io, NULL, &limit) == SIGIO ? 0 : -1;
}

static int take_lease(const char *path)
{
	int lease = open(path, O_RDONLY | O_CLOEXEC);

	if (lease >= 0 && fcntl(lease, F_SETLEASE, F_WRLCK)) {
		close(lease);
		return -1;
	}
	return lease;
}

struct attempt {
	int flags;
	atomic_int go;
	atomic_int made;
	atomic_int error;
	atomic_int ended;
};

/* There before the exec, for it may be that no thread can be made later. */
static void *attempt(void *arg)
{
	struct attempt *a = arg;
	char *stack = pages(STACK_SIZE * THREADS, MAP_PRIVATE);
	int i;

	while (!atomic_load(&a->go))
		nap(1);
	for (i = 1; i <= THREADS; i++) {
		if (clone(nothing, stack + STACK_SIZE * i, a->flags, NULL) > 0)
			atomic_fetch_add(&a->made, 1);
		else
			atomic_store(&a->error, errno);
	}
	atomic_store(&a->ended, 1);
	return NULL;
}

/*
 * How many clones succeed beside an exec that stands still, and how many after
 * all: a kernel may let them wait for the exec. So it is let go when they have
 * not got on for two seconds. Returns -1 if the exec cannot be stopped.
 */
static int clone_during_exec(struct __test_metadata *_metadata,
			     char *script, const char *interpreter,
			     struct attempt *a, int *during)
{
	double end = seconds() + LIMIT;
	int i = 0, made = 0, lease;
	pthread_t exec, creator;
	void *error;

	ASSERT_EQ(0, put_file(interpreter, "no program"));
	lease = take_lease(interpreter);
	if (lease < 0)
		return -1;
	ASSERT_EQ(0, pthread_create(&creator, NULL, attempt, a));
	ASSERT_EQ(0, pthread_create(&exec, NULL, exec_script, script));
	ASSERT_EQ(0, wait_for_exec());
	atomic_store(&a->go, 1);
	while (i++ < 100 && !atomic_load(&a->ended) && seconds() < end) {
		nap(20);
		if (atomic_load(&a->made) != made)
			i = 0;
		made = atomic_load(&a->made);
	}
	*during = atomic_load(&a->made);
	ASSERT_EQ(0, fcntl(lease, F_SETLEASE, F_UNLCK));
	ASSERT_EQ(0, pthread_join(exec, &error));
	ASSERT_EQ(ENOEXEC, (long)error);
	ASSERT_EQ(0, pthread_join(creator, NULL));
	close(lease);
	return 0;
}

TEST_F_TIMEOUT(during_exec, threads, 60)
{
	struct attempt a = { .flags = THREAD };
	int during = 0;

	if (clone_during_exec(_metadata, self->script, self->interpreter, &a,
			      &during))
		SKIP(return, "no leases");
	TH_LOG("%d of %d threads made, %d while it stood still: %s",
	       atomic_load(&a.made), THREADS, during,
	       strerror(atomic_load(&a.error)));
	EXPECT_EQ(THREADS, atomic_load(&a.made));
}

/* These would survive the exec and share its fs_struct. */
TEST_F_TIMEOUT(during_exec, processes, 60)
{
	struct attempt a = { .flags = CLONE_FS };
	int during = 0;

	if (clone_during_exec(_metadata, self->script, self->interpreter, &a,
			      &during))
		SKIP(return, "no leases");
	EXPECT_EQ(0, during);
}

/* These have a fs_struct of their own. */
TEST_F_TIMEOUT(during_exec, forks, 60)
{
	struct attempt a = { .flags = 0 };
	int during = 0;

	if (clone_during_exec(_metadata, self->script, self->interpreter, &a,
			      &during))
		SKIP(return, "no leases");
	EXPECT_EQ(THREADS, during);
}

/* ---- An exec that stands still and then succeeds -------------------------- */

static void exec_beside_new_thread(char *script, const char *interpreter)
{
	char *stack = pages(STACK_SIZE, MAP_PRIVATE);
	pthread_t exec;
	int lease;

	alarm(LIMIT);
	lease = take_lease(interpreter);
	if (lease < 0)
		_exit(NO_LEASE);
	if (pthread_create(&exec, NULL, exec_script, script) ||
	    wait_for_exec())
		_exit(BROKEN);
	if (clone(forever, stack + STACK_SIZE, THREAD, NULL) < 0)
		_exit(errno == EAGAIN ? NO_THREAD : BROKEN);
	/* The exec goes on. */
	close(lease);
	pthread_join(exec, NULL);
	_exit(BROKEN);
}

/* A thread that was made beside an exec does not outlive it. */
TEST_F_TIMEOUT(during_exec, thread_ends, 60)
{
	int status;
	pid_t pid;

	ASSERT_EQ(0, copy_file("thread-race-victim", self->interpreter, 0755));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		exec_beside_new_thread(self->script, self->interpreter);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_LEASE)
		SKIP(return, "no leases");
	if (WEXITSTATUS(status) == NO_THREAD)
		SKIP(return, "no thread can be made beside an exec");
	EXPECT_EQ(0, WEXITSTATUS(status));
}

TEST_HARNESS_MAIN
