/* SPDX-License-Identifier: MIT */
/*
 * The seed's own scenario (Go, 2017): a runtime that creates threads both by
 * raw clone and through pthread_create, and calls execve itself between the
 * before and after hooks.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "frozen.h"
#include "kernel.h"
#include "tap.h"

enum { RUNS = 100, STACK = 16384, WARM_UP = 8 };

static atomic_int created, refused;

static void *end_at_once(void *arg)
{
	return arg;
}

/* newm, the cgo path. */
static void *create_threads(void *arg)
{
	pthread_t t;
	int r;

	for (;;) {
		r = cx_pthread_create(&t, NULL, end_at_once, NULL);
		if (r) {
			atomic_fetch_add(&refused, r == EAGAIN);
			continue;
		}
		atomic_fetch_add(&created, 1);
		pthread_join(t, arg);
	}
	return NULL;
}

/* On a raw thread: no libc. */
__attribute__((no_sanitize("address", "thread", "undefined")))
static int raw_thread(void *arg)
{
	return arg != NULL;
}

/* newm, the native path: newosproc. */
static void *clone_threads(void *arg)
{
	static char stack[STACK] __attribute__((aligned(16)));
	static pid_t tid;
	int r;

	for (;;) {
		__atomic_store_n(&tid, -1, __ATOMIC_SEQ_CST);
		r = cx_clone(raw_thread, stack + sizeof stack,
			     CLONE_VM | CLONE_FS | CLONE_FILES |
				     CLONE_SIGHAND | CLONE_THREAD |
				     CLONE_SYSVSEM | CLONE_CHILD_CLEARTID,
			     arg, NULL, NULL, &tid);
		if (r < 0) {
			atomic_fetch_add(&refused, errno == EAGAIN);
			continue;
		}
		atomic_fetch_add(&created, 1);
		/* The kernel clears it when the stack is free again. */
		while (__atomic_load_n(&tid, __ATOMIC_SEQ_CST) != 0)
			sched_yield();
	}
	return NULL;
}

/* syscall.Exec, with one that fails first: the lock is free again then. */
static int exec_like_go(const char *path, char *const argv[],
			char *const envp[], void *arg)
{
	pthread_t t;

	cx_set_timeout(600000);
	if (pthread_create(&t, NULL, create_threads, NULL) ||
	    pthread_create(&t, NULL, clone_threads, NULL))
		_exit(97);
	while (atomic_load(&created) < WARM_UP)
		sched_yield();
	cx_before_exec();
	if (execve("/nowhere", argv, envp) != -1 || errno != ENOENT)
		_exit(96);
	cx_after_exec();
	while (atomic_load(&created) < 2 * WARM_UP)
		sched_yield();
	cx_before_exec();
	if (atomic_load(&refused))
		_exit(98);
	execve(path, argv, envp);
	cx_after_exec();
	return arg != NULL ? -1 : 0;
}

static void go_2017(void)
{
	struct targets targets;
	const struct target_caller caller = { 1000, 1000 };
	struct race race = {
		.kind = TARGET_SETUID,
		.caller = &caller,
		.creators = RACE_CALM,
		.exec = exec_like_go,
		.limit_ms = 20000,
	};
	struct race_result result;
	int i;

	tap_need_root();
	check(targets_make(&targets, &caller) == 0, "no targets");
	race.path = targets.path[TARGET_SETUID];
	for (i = 0; i < RUNS; i++) {
		check(race_run(&race, &result) == 0 &&
			      result.verdict == TARGET_KEPT,
		      "run %d: %s, status %#x, error %s", i,
		      target_verdict_name(result.verdict),
		      (unsigned int)result.status, strerror(-result.error));
	}
	targets_remove(&targets);
}

/* Frozen: with the hooks the exec waits and keeps, without them it loses. */
static int exec_with_hooks(const char *path, char *const argv[],
			   char *const envp[], void *arg)
{
	int *hooks = arg;

	if (*hooks)
		cx_before_exec();
	return execve(path, argv, envp);
}

static enum target_verdict frozen_hooks(int hooks)
{
	struct targets targets;
	const struct target_caller caller = { 1000, 1000 };
	struct race race = {
		.kind = TARGET_SETUID,
		.caller = &caller,
		.creators = RACE_FROZEN,
		.guarded = 1,
		.exec = exec_with_hooks,
		.arg = &hooks,
	};
	struct race_result result;
	int r;

	check(targets_make(&targets, &caller) == 0, "no targets");
	race.path = targets.path[TARGET_SETUID];
	r = race_run(&race, &result);
	targets_remove(&targets);
	if (r < 0)
		tap_skip("%s", race_why(&result, r));
	return result.verdict;
}

static void hooks_frozen(void)
{
	tap_need_root();
	check(frozen_hooks(0) == kernel_plain(), "the control");
	check(frozen_hooks(1) == TARGET_KEPT, "the hooks lost");
}

/* A clone that copies the fs needs no lock, and so never waits for one. */
static int nothing(void *arg)
{
	_exit(arg != NULL);
}

static void *hold_forever(void *arg)
{
	cx_before_exec();
	pthread_barrier_wait(arg);
	for (;;)
		pause();
	return NULL;
}

static void clone_without_fs(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	pthread_barrier_t held;
	pthread_t t;
	pid_t pid;
	int status;

	cx_set_timeout(600000);
	pthread_barrier_init(&held, NULL, 2);
	check(pthread_create(&t, NULL, hold_forever, &held) == 0, "thread");
	pthread_barrier_wait(&held);
	pid = cx_clone(nothing, stack + sizeof stack, SIGCHLD, NULL);
	check(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0,
	      "clone without CLONE_FS: %s", strerror(errno));
}

/* A clone with CLONE_FS but memory of its own: the child starts outside. */
static int child_execs(void *arg)
{
	cx_set_timeout(600000);
	cx_before_clone();
	cx_after_clone();
	if (cx_before_exec())
		_exit(1);
	cx_after_exec();
	_exit(arg == NULL ? 42 : 1);
}

static void clone_sharing_fs(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid = cx_clone(child_execs, stack + sizeof stack,
			     CLONE_FS | SIGCHLD, NULL);
	int status;

	check(pid > 0 && waitpid(pid, &status, 0) == pid &&
		      WIFEXITED(status) && WEXITSTATUS(status) == 42,
	      "status %#x", status);
	cx_set_timeout(0);
	check(cx_before_exec() == 0, "the parent is still inside");
}

/* What a clone comes to: an errno, or a child that ends in some way. */
static int outcome(pid_t pid)
{
	int status;

	if (pid < 0)
		return -errno;
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

/* libc answers for a function or a stack that is NULL, or the child dies. */
static void clone_of_nothing(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	char *const top = stack + sizeof stack;
	const int flags = CLONE_FS | SIGCHLD;
	int plain, ours;

#ifndef __GLIBC__
	tap_absent("musl's clone looks at neither");
#endif
	plain = outcome(clone(NULL, top, flags, NULL));
	ours = outcome(cx_clone(NULL, top, flags, NULL));
	check(ours == plain, "no function: %d, not %d", ours, plain);
	plain = outcome(clone(nothing, NULL, flags, NULL));
	ours = outcome(cx_clone(nothing, NULL, flags, NULL));
	check(ours == plain, "no stack: %d, not %d", ours, plain);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "raw clone and pthread creators, exec through the hooks: "
		  "100 of 100 kept, no EAGAIN", go_2017, 240 },
		{ "frozen: lost without the hooks, kept with them",
		  hooks_frozen, 60 },
		{ "clone without CLONE_FS takes no lock", clone_without_fs,
		  30 },
		{ "clone with CLONE_FS into a new process", clone_sharing_fs,
		  30 },
		{ "clone of no function, and without a stack",
		  clone_of_nothing, 30 },
	};

	return tap_main(cases);
}
