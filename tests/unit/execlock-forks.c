/* SPDX-License-Identifier: MIT */
/*
 * The exec lock in children of fork, whatever their parent held and whoever
 * comes first in them.
 */
#include "execlock.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hammer.h"
#include "holder.h"
#include "sys.h"
#include "tap.h"
#include "wait.h"

static void expect_child(int (*fn)(void), const char *what)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(fn());
	waitpid(pid, &status, 0);
	check(status == 0, "%s: status %#x", what, status);
}

/* In the child nobody is inside but, perhaps, the thread that forked. */
static int child_is_free(void)
{
	cx_wait_set_timeout(0);
	cx_execlock_enter(EXECLOCK_CREATIONS);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	if (cx_execlock_lock(EXECLOCK_NO_CREATION) != 0)
		return 1;
	cx_execlock_unlock();
	return 0;
}

static int child_leaves(void)
{
	cx_execlock_leave(EXECLOCK_CREATIONS);
	return child_is_free();
}

/* Then somebody comes in: who left before must not stand for him. */
static int child_leaves_to_another(void)
{
	pthread_t t;
	int r;

	cx_execlock_leave(EXECLOCK_CREATIONS);
	hammer_start(&t, holder_inside, NULL);
	pthread_barrier_wait(&holder_gate);
	cx_wait_set_timeout(20);
	r = cx_execlock_lock(EXECLOCK_NO_CREATION);
	cx_execlock_unlock();
	pthread_barrier_wait(&holder_gate);
	pthread_join(t, NULL);
	return r == -ETIMEDOUT ? child_is_free() : 3;
}

static int child_nests_and_leaves(void)
{
	int r;

	cx_execlock_enter(EXECLOCK_CREATIONS);
	cx_wait_set_timeout(0);
	r = cx_execlock_lock(EXECLOCK_NO_CREATION); /* only itself inside */
	cx_execlock_unlock();
	cx_execlock_leave(EXECLOCK_CREATIONS);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	return r ? 2 : child_is_free();
}

static void forks(void)
{
	pthread_t in, out;

	pthread_barrier_init(&holder_gate, NULL, 2);
	hammer_start(&in, holder_inside, NULL);
	pthread_barrier_wait(&holder_gate);
	expect_child(child_is_free, "another thread was inside");
	pthread_barrier_wait(&holder_gate);
	pthread_join(in, NULL);

	hammer_start(&out, holder_exec, NULL);
	pthread_barrier_wait(&holder_gate);
	expect_child(child_is_free, "another thread held it");
	pthread_barrier_wait(&holder_gate);
	pthread_join(out, NULL);

	cx_execlock_enter(EXECLOCK_CREATIONS);
	expect_child(child_leaves_to_another, "leaves, another comes");
	expect_child(child_leaves, "it was inside itself");
	expect_child(child_nests_and_leaves, "inside, and again");
	cx_execlock_leave(EXECLOCK_CREATIONS);
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	expect_child(child_is_free, "it held it itself");
	cx_execlock_unlock();
	hammer_check_idle();
}

/*
 * No creator was there before the exec, so the page is not marked and the
 * child has its parent's words: whoever comes first in the child sees that.
 */
static int child_locks_first(void)
{
	cx_wait_set_timeout(0);
	if (cx_execlock_lock(EXECLOCK_NO_CREATION) != 0)
		return 1;
	cx_execlock_unlock();
	return child_is_free();
}

static int child_forks(void)
{
	if (child_is_free() != 0)
		return 1;
	cx_execlock_enter(EXECLOCK_CREATIONS);
	expect_child(child_leaves, "a grandchild, forked inside");
	cx_execlock_leave(EXECLOCK_CREATIONS);
	return child_is_free();
}

/* In a process of its own, for each of them is about the first use. */
static int first_use_is_an_exec(int (*child)(void))
{
	pthread_t out;

	pthread_barrier_init(&holder_gate, NULL, 2);
	hammer_start(&out, holder_exec, NULL);
	pthread_barrier_wait(&holder_gate);
	expect_child(child, "beside the first exec");
	pthread_barrier_wait(&holder_gate);
	pthread_join(out, NULL);
	expect_child(child_is_free, "after it failed");
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	expect_child(child, "from the thread that execs");
	cx_execlock_unlock();
	hammer_check_idle();
	return 0;
}

static int first_enter(void)
{
	return first_use_is_an_exec(child_is_free);
}

static int first_lock(void)
{
	return first_use_is_an_exec(child_locks_first);
}

static int first_grandchild(void)
{
	return first_use_is_an_exec(child_forks);
}

static int held_by_itself(void)
{
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	expect_child(child_is_free, "the first use is its own exec");
	expect_child(child_locks_first, "the same, and it execs");
	cx_execlock_unlock();
	return 0;
}

static void first_forks(void)
{
	expect_child(first_enter, "the child creates first");
	expect_child(first_lock, "the child execs first");
	expect_child(first_grandchild, "the child forks");
	expect_child(held_by_itself, "it held it itself");
}

/*
 * Two pid namespaces, one in the other, and the first process of each is 1: a
 * pid does not tell the child from its parent.  Both are in here.
 */
static pid_t fork_first_process(void)
{
	return (pid_t)sys_fork(CLONE_NEWPID | SIGCHLD);
}

static int same_pid(void)
{
	pthread_t out;
	int status;
	pid_t pid;

	check(getpid() == 1, "pid %d", (int)getpid());
	pthread_barrier_init(&holder_gate, NULL, 2);
	hammer_start(&out, holder_exec, NULL);
	pthread_barrier_wait(&holder_gate);
	pid = fork_first_process();
	if (pid == 0) {
		check(getpid() == 1, "the control: pid %d", (int)getpid());
		_exit(child_is_free());
	}
	check(waitpid(pid, &status, __WALL) == pid && status == 0,
	      "the child waits for its parent's exec: status %#x",
	      (unsigned int)status);
	pthread_barrier_wait(&holder_gate);
	pthread_join(out, NULL);
	return 0;
}

static void both_the_first(void)
{
	int status;
	pid_t pid;

	tap_need_root();
	pid = fork_first_process();
	if (pid == 0)
		_exit(same_pid());
	check(pid > 0 && waitpid(pid, &status, __WALL) == pid && status == 0,
	      "status %#x", (unsigned int)status);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "fork children inherit neither side", forks, 60 },
		{ "nor a first exec that nobody created before", first_forks,
		  60 },
		{ "nor one that has its parent's pid", both_the_first, 60 },
	};

	return tap_main(cases);
}
