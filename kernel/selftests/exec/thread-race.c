// SPDX-License-Identifier: GPL-2.0
/*
 * An exec of a set-user-ID program while another thread of the same process
 * is inside clone(CLONE_FS | CLONE_THREAD).
 *
 * The thread that is being made uses the fs_struct of its process, but is not
 * on the list of its threads yet. An exec that takes it for another process
 * does not honour the set-user-ID bit, and nobody is told. What has to stay: a
 * process that does share the fs_struct, and survives the exec, costs the
 * set-user-ID bit, whatever else is going on.
 *
 * The clone is stopped half-way by userfaultfd: copy_process() writes the
 * descriptor of CLONE_PIDFD after copy_fs() and before it makes the thread
 * known, here to a page that is missing. So only one test depends on luck.
 * That the clone is stopped there and nowhere else is tested as well: a
 * process that shares the fs_struct has to be seen from then on.
 *
 * The set-user-ID program belongs to an ordinary user and lies on a tmpfs in
 * a mount namespace of its own, which ends with the test in any case.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "thread-race.h"

#define VICTIM_UID	2	/* the owner of the set-user-ID program */
#define CALLER_UID	65534	/* the user that starts it */
#define FROZEN_RUNS	20
#define RUNS		300
#define RUNS_SECONDS	15

#define SHARER		(CLONE_FS | SIGCHLD)

static void drop_privileges(void)
{
	if (setresgid(CALLER_UID, CALLER_UID, CALLER_UID) ||
	    setresuid(CALLER_UID, CALLER_UID, CALLER_UID))
		_exit(BROKEN);
}

/* ---- What goes on beside the exec ---------------------------------------- */

static void exec_victim(const char *path)
{
	execl(path, "victim", NULL);
	_exit(BROKEN);
}

static void exec_alone(const char *path)
{
	drop_privileges();
	exec_victim(path);
}

static void exec_beside(int flags, const char *path)
{
	static struct stopped_clone s;

	prepare_clone(&s, flags);
	drop_privileges();
	start_clone(&s);
	exec_victim(path);
}

static void exec_beside_thread(const char *path)
{
	exec_beside(THREAD, path);
}

static void exec_beside_fork(const char *path)
{
	exec_beside(SIGCHLD, path);
}

static void exec_beside_sharer(const char *path)
{
	exec_beside(SHARER, path);
}

static atomic_int *sharer_ready;

/* Not longer than the process that made us, or its program. */
static int linger(pid_t parent)
{
	atomic_store(sharer_ready, 1);
	while (getppid() == parent)
		nap(20);
	_exit(0);
}

static int sharer_lingers(void *arg)
{
	return linger((pid_t)(long)arg);
}

static int sharer_makes_a_thread(void *arg)
{
	static struct stopped_clone s;

	prepare_clone(&s, THREAD);
	start_clone(&s);
	return linger((pid_t)(long)arg);
}

/* A process with memory of its own, but with our fs_struct. */
static void share_fs(int (*sharer)(void *))
{
	char *stack = pages(STACK_SIZE, MAP_PRIVATE);
	double end = seconds() + LIMIT / 2;

	sharer_ready = pages(sizeof(*sharer_ready), MAP_SHARED);
	if (clone(sharer, stack + STACK_SIZE, SHARER,
		  (void *)(long)getpid()) < 0)
		_exit(BROKEN);
	while (!atomic_load(sharer_ready)) {
		int status;

		if (waitpid(-1, &status, WNOHANG) > 0)
			_exit(WIFEXITED(status) ? WEXITSTATUS(status) : BROKEN);
		if (seconds() > end)
			_exit(BROKEN);
		nap(1);
	}
}

static void exec_with_sharer(const char *path)
{
	share_fs(sharer_lingers);
	exec_alone(path);
}

static void exec_with_sharer_beside_thread(const char *path)
{
	share_fs(sharer_lingers);
	exec_beside(THREAD, path);
}

static void exec_with_sharer_beside_fork(const char *path)
{
	share_fs(sharer_lingers);
	exec_beside(SIGCHLD, path);
}

static void exec_with_sharer_that_makes_a_thread(const char *path)
{
	share_fs(sharer_makes_a_thread);
	exec_alone(path);
}

/* They fail where the others are stopped: nowhere to write the pidfd to. */
static void fail_clones(void)
{
	int i;

	for (i = 0; i < FROZEN_RUNS; i++) {
		if (clone_with(THREAD | CLONE_PIDFD, NULL) >= 0)
			_exit(BROKEN);
		if (errno != EFAULT)
			_exit(errno == EINVAL ? NO_PIDFD : BROKEN);
	}
}

static void exec_after_failures(const char *path)
{
	fail_clones();
	exec_alone(path);
}

static void exec_with_sharer_after_failures(const char *path)
{
	fail_clones();
	exec_with_sharer(path);
}

static struct counts {
	atomic_uint created, eagain, other;
} *counts;

static void *empty(void *arg)
{
	return arg;
}

static void *create_threads(void *arg)
{
	pthread_attr_t attr;
	pthread_t thread;
	int i, error;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	for (i = 0; i < 1000000; i++) {
		error = pthread_create(&thread, &attr, empty, NULL);
		if (!error) {
			atomic_fetch_add(&counts->created, 1);
			pthread_join(thread, NULL);
			continue;
		}
		atomic_fetch_add(error == EAGAIN ? &counts->eagain :
						   &counts->other, 1);
		nap(1);
	}
	return NULL;
}

static void exec_beside_creators(const char *path)
{
	unsigned int enough = atomic_load(&counts->created) + 8 +
			      getpid() % 16;
	pthread_t thread;
	int i;

	drop_privileges();
	for (i = 0; i < 2; i++)
		if (pthread_create(&thread, NULL, create_threads, NULL))
			_exit(BROKEN);
	while (atomic_load(&counts->created) < enough)
		sched_yield();
	exec_victim(path);
}

/* Whatever hangs, be it the exec or its program, is ended by SIGALRM. */
static int outcome_of(void (*way)(const char *), const char *path)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return BROKEN;
	if (!pid) {
		signal(SIGALRM, SIG_DFL);
		alarm(LIMIT);
		way(path);
		_exit(BROKEN);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return BROKEN;
	return WEXITSTATUS(status);
}

/* ---- The tests ----------------------------------------------------------- */

FIXTURE(thread_race)
{
	char dir[32];
	char victim[64];
	int mounted;
};

FIXTURE_SETUP(thread_race)
{
	if (geteuid())
		SKIP(return, "needs root");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		SKIP(return, "no set-user-ID program gets its privileges here");
	if (unshare(CLONE_NEWNS)) {
		ASSERT_EQ(EPERM, errno);
		SKIP(return, "needs CAP_SYS_ADMIN");
	}
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	snprintf(self->dir, sizeof(self->dir), "/tmp/thread-race-XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	ASSERT_EQ(0, mount("thread-race", self->dir, "tmpfs", 0,
			   "mode=0755,size=8m"));
	self->mounted = 1;
	snprintf(self->victim, sizeof(self->victim), "%s/victim", self->dir);
	/* The tests are started in the directory where they were built. */
	ASSERT_EQ(0, copy_file("thread-race-victim", self->victim, 0600));
	ASSERT_EQ(0, chown(self->victim, VICTIM_UID, 0));
	ASSERT_EQ(0, chmod(self->victim, 04755));
	counts = pages(sizeof(*counts), MAP_SHARED);

	/* Otherwise nothing here says anything. */
	ASSERT_EQ(KEPT, outcome_of(exec_alone, self->victim));
}

FIXTURE_TEARDOWN(thread_race)
{
	if (self->mounted)
		umount2(self->dir, MNT_DETACH);
	if (self->dir[0])
		rmdir(self->dir);
}

/* As often as that, or for as long as that if it is more than once. */
FIXTURE_VARIANT(thread_race)
{
	void (*way)(const char *victim);
	int runs;
	int outcome;
};

FIXTURE_VARIANT_ADD(thread_race, thread_stopped)
{
	.way = exec_beside_thread, .runs = FROZEN_RUNS, .outcome = KEPT,
};

/* Where nothing can be stopped. One CPU is not enough for this one. */
FIXTURE_VARIANT_ADD(thread_race, many_threads)
{
	.way = exec_beside_creators, .runs = RUNS, .outcome = KEPT,
};

/* A child has a fs_struct of its own. */
FIXTURE_VARIANT_ADD(thread_race, fork_stopped)
{
	.way = exec_beside_fork, .runs = 1, .outcome = KEPT,
};

/* Threads that never came to be must leave nothing behind. */
FIXTURE_VARIANT_ADD(thread_race, after_failures)
{
	.way = exec_after_failures, .runs = 1, .outcome = KEPT,
};

/* From here on somebody survives the exec and shares its fs_struct. */
FIXTURE_VARIANT_ADD(thread_race, sharer)
{
	.way = exec_with_sharer, .runs = 1, .outcome = LOST,
};

FIXTURE_VARIANT_ADD(thread_race, sharer_stopped)
{
	.way = exec_beside_sharer, .runs = 1, .outcome = LOST,
};

FIXTURE_VARIANT_ADD(thread_race, sharer_and_thread_stopped)
{
	.way = exec_with_sharer_beside_thread, .runs = 1, .outcome = LOST,
};

FIXTURE_VARIANT_ADD(thread_race, sharer_and_fork_stopped)
{
	.way = exec_with_sharer_beside_fork, .runs = 1, .outcome = LOST,
};

FIXTURE_VARIANT_ADD(thread_race, sharer_with_thread_stopped)
{
	.way = exec_with_sharer_that_makes_a_thread, .runs = 1, .outcome = LOST,
};

FIXTURE_VARIANT_ADD(thread_race, sharer_after_failures)
{
	.way = exec_with_sharer_after_failures, .runs = 1, .outcome = LOST,
};

TEST_F_TIMEOUT(thread_race, exec, RUNS_SECONDS + 60)
{
	double end = seconds() + RUNS_SECONDS;
	int i, o, wrong = 0;

	for (i = 0; i < variant->runs && seconds() < end; i++) {
		o = outcome_of(variant->way, self->victim);
		if (o == NO_UFFD)
			SKIP(return, "no userfaultfd");
		if (o == NO_PIDFD)
			SKIP(return, "no CLONE_PIDFD for a thread");
		ASSERT_LE(o, LOST);
		wrong += o != variant->outcome;
	}
	EXPECT_EQ(0, wrong);
	EXPECT_LT(0, i);
	if (wrong || variant->runs > 1)
		TH_LOG("%sset-user-ID in %d of %d",
		       variant->outcome == KEPT ? "not " : "", wrong, i);
	/* EAGAIN is for thread-during-exec to judge. */
	EXPECT_EQ(0, atomic_load(&counts->other));
	if (atomic_load(&counts->created))
		TH_LOG("%d execs, %u threads, %u EAGAIN", i,
		       atomic_load(&counts->created),
		       atomic_load(&counts->eagain));
}

TEST_HARNESS_MAIN
