/* SPDX-License-Identifier: MIT */
/*
 * P2, without luck: an exec is stopped half-way (stall.h), and then a thread
 * is created.  Under plain exec that fails with EAGAIN; with a private fs
 * every creation works, and at once; under the lock a guarded one waits and
 * works.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <clonexec.h>

#include "asleep.h"
#include "frozen.h"
#include "kernel.h"
#include "stall.h"
#include "tap.h"

enum { CREATIONS = 50 };

static struct stall stall;
/* The creator: as anybody, by cx_pthread_create, or by the hooks for it. */
static enum { UNGUARDED, GUARDED, HOOKED } guarded;
static int waits;		/* it has to wait for the exec */
static atomic_int creator_tid;
static int results[CREATIONS];

static void *end_at_once(void *arg)
{
	return arg;
}

static void *stay(void *arg)
{
	for (;;)
		pause();
	return arg;
}

/*
 * Linux 7.2 and 7.3 lock up a CPU when a process creates a thread after a
 * failed exec during which all its other threads have ended (docs/upstream.md):
 * so one of them stays.
 */
static void keep_a_thread(void)
{
	static int kept;
	pthread_t t;

	if (!kept)
		check(pthread_create(&t, NULL, stay, NULL) == 0, "a thread");
	kept = 1;
}

static int create(void)
{
	pthread_t t;
	int r;

	if (guarded == HOOKED)
		cx_before_thread_create();
	r = guarded == GUARDED ? cx_pthread_create(&t, NULL, end_at_once, NULL)
			       : pthread_create(&t, NULL, end_at_once, NULL);
	if (guarded == HOOKED)
		cx_after_thread_create();
	if (r == 0)
		pthread_join(t, NULL);
	return r;
}

/* Starts when the exec stands still. */
static void *creator(void *arg)
{
	int i;

	stall_wait(&stall);
	atomic_store(&creator_tid, (int)syscall(SYS_gettid));
	for (i = 0; i < CREATIONS; i++)
		results[i] = create();
	atomic_store(&creator_tid, -1);
	return arg;
}

/* Lets the exec go on when the creator is done, or where it has to wait is seen
   to. */
static void *releaser(void *arg)
{
	int tid;

	for (;;) {
		tid = atomic_load(&creator_tid);
		if (tid < 0 || (waits && tid > 0 && asleep_in_futex(tid)))
			break;
		usleep(200);
	}
	stall_release(&stall);
	return arg;
}

static int exec_plain(const char *path)
{
	char *const argv[] = { (char *)path, NULL }, *const envp[] = { NULL };

	return execve(path, argv, envp);
}

static int exec_ours(const char *path)
{
	char *const argv[] = { (char *)path, NULL }, *const envp[] = { NULL };

	return cx_execve(path, argv, envp);
}

/* The runtime's way: its own execve between the hooks. */
static int exec_hooks(const char *path)
{
	int r;

	check(cx_before_exec() == 0, "cx_before_exec: %s", strerror(errno));
	r = exec_plain(path);
	cx_after_exec();
	return r;
}

/* How many of the creations failed with EAGAIN. */
static int count_eagain(int (*exec)(const char *), enum cx_strategy s)
{
	pthread_t c, r;
	int i, n = 0;

	atomic_store(&creator_tid, 0);
	cx_set_strategy(s);
	cx_set_timeout(600000);
	stall_open(&stall);
	keep_a_thread();
	pthread_create(&c, NULL, creator, NULL);
	pthread_create(&r, NULL, releaser, NULL);
	errno = 0;
	check(exec(stall.script) == -1 && errno == ENOEXEC, "exec: %s",
	      strerror(errno));
	pthread_join(c, NULL);
	pthread_join(r, NULL);
	stall_close(&stall);
	for (i = 0; i < CREATIONS; i++) {
		check(results[i] == 0 || results[i] == EAGAIN, "creation: %s",
		      strerror(results[i]));
		n += results[i] == EAGAIN;
	}
	return n;
}

static void plain(void)
{
	int n = count_eagain(exec_plain, CX_AUTO);

	check(n == kernel_refuses(CREATIONS),
	      "%d of %d EAGAIN under plain execve", n,
	      CREATIONS);
}

static void expect_none(int (*exec)(const char *), enum cx_strategy s)
{
	int n = count_eagain(exec, s);

	check(n == 0, "%d of %d EAGAIN", n, CREATIONS);
}

/*
 * Whoever creates: all of them while the exec stands still, or this would wait
 * until its time is up.
 */
static void expect_at_once(int (*exec)(const char *), enum cx_strategy s)
{
	for (guarded = UNGUARDED; guarded <= HOOKED; guarded++)
		expect_none(exec, s);
}

static void expect_wait(int (*exec)(const char *), enum cx_strategy s)
{
	waits = 1;
	for (guarded = GUARDED; guarded <= HOOKED; guarded++)
		expect_none(exec, s);
}

static void by_auto(void) { expect_at_once(exec_ours, CX_AUTO); }
static void by_unshare(void) { expect_at_once(exec_ours, CX_UNSHARE); }
static void by_helper(void) { expect_at_once(exec_ours, CX_HELPER); }
static void by_lock(void) { expect_wait(exec_ours, CX_LOCK); }
static void by_hooks(void) { expect_wait(exec_hooks, CX_AUTO); }
static void hooks_unshare(void) { expect_at_once(exec_hooks, CX_UNSHARE); }

/* And many of them, succeeding: the target runs, so the exec went through. */
static void storm(void)
{
	enum cx_strategy s;
	int i;

	frozen_need_targets();
	for (s = CX_AUTO; s <= CX_LOCK; s++)
		for (i = 0; i < 50; i++) {
			struct frozen_way way = { .strategy = s };
			struct race_result r = frozen_run_with(
				TARGET_SETUID, &way, 1, RACE_SPINNING);

			check(r.verdict == TARGET_KEPT && r.eagain == 0,
			      "%s: %s, %u EAGAIN in %u creations",
			      strategy_name(s),
			      target_verdict_name(r.verdict), r.eagain,
			      r.created);
		}
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "plain execve: every creation fails (the control)", plain,
		  30 },
		{ "auto: none fails or waits, guarded or not", by_auto, 30 },
		{ "unshare: none fails or waits, guarded or not", by_unshare,
		  30 },
		{ "helper: none fails or waits, guarded or not", by_helper,
		  30 },
		{ "lock: no guarded one fails", by_lock, 30 },
		{ "hooks: no guarded one fails", by_hooks, 30 },
		{ "hooks under unshare: none fails or waits",
		  hooks_unshare, 30 },
		{ "guarded creators beside 200 execs: kept, no EAGAIN",
		  storm, 120 },
	};

	return tap_main(cases);
}
