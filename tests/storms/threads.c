/* SPDX-License-Identifier: MIT */
/* Threads that fork, are cancelled, exec, or are simply very many. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storm.h"
#include "tap.h"

enum { ROUNDS = 60, MANY = 4000 };

static atomic_int done;

static void fail_until(int enough)
{
	while (atomic_load(&done) < enough) {
		storm_exec_fails("/nowhere", ENOENT);
		storm_exec_fails(storm_garbage, ENOEXEC);
	}
}

static void expect_child(pid_t pid, int want)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid ||
	    !WIFEXITED(status) || WEXITSTATUS(status) != want)
		_exit(95);
	atomic_fetch_add(&done, 1);
}

/* ---- Forks of every kind beside the exec; their children exec, too ---- */

static void *fork_some(void *arg)
{
	pid_t pid;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		pid = fork();
		if (pid == 0) {
			storm_exec_ok();
			_exit(1);
		}
		expect_child(pid, STORM_OK);
	}
	return arg;
}

static void *vfork_some(void *arg)
{
	pid_t pid;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		pid = vfork();
		if (pid == 0) {
			storm_exec_ok();
			_exit(1);
		}
		expect_child(pid, STORM_OK);
	}
	return arg;
}

static void *spawn_some(void *arg)
{
	pid_t pid;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if (posix_spawn(&pid, "/bin/sh", NULL, NULL, storm_sh,
				environ))
			_exit(94);
		expect_child(pid, STORM_OK);
	}
	return arg;
}

static void beside_forks(void)
{
	storm_thread(fork_some, NULL);
	storm_thread(vfork_some, NULL);
	storm_thread(spawn_some, NULL);
	fail_until(3 * ROUNDS);
	storm_exec_ok();
}

static void forks(void)
{
	storm_make_garbage();
	storm_each(beside_forks, -1);
	storm_remove_garbage();
}

/* And the exec that works, in their midst. */
static void amid_forks(void)
{
	storm_thread(fork_some, NULL);
	storm_thread(vfork_some, NULL);
	storm_thread(spawn_some, NULL);
	fail_until(5);
	storm_exec_ok();
}

static void forks_cut_short(void)
{
	int i;

	storm_make_garbage();
	for (i = 0; i < 10; i++)
		storm_each(amid_forks, -1);
	storm_remove_garbage();
}

/* ---- Creators that are cancelled ---- */

static void *end_at_once(void *arg)
{
	return arg;
}

static void *create_until_cancelled(void *arg)
{
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 65536);
	for (;;) {
		cx_pthread_create(&t, &attr, end_at_once, NULL);
		pthread_testcancel();
	}
	return arg;
}

/* pthread_create cannot be cancelled so, but the region around a raw clone
   can be. */
static void *guard_until_cancelled(void *arg)
{
	int old;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
	for (;;) {
		cx_before_clone();
		cx_after_clone();
	}
	return arg;
}

static void cancel_some(void *(*creator)(void *))
{
	pthread_t t;
	int i;

	cx_set_timeout(20);
	storm_thread(storm_sleep, NULL);
	for (i = 0; i < ROUNDS; i++) {
		if (pthread_create(&t, NULL, creator, NULL))
			_exit(93);
		storm_exec_fails("/nowhere", ENOENT);
		pthread_cancel(t);
		storm_exec_fails("/nowhere", ENOENT);
		pthread_join(t, NULL);
	}
	/* Nobody is inside any more, or is given up by now. */
	cx_set_timeout(20);
	cx_before_exec();
	cx_after_exec();
	cx_set_timeout(600000);
	storm_exec_ok();
}

static void cancel_deferred(void) { cancel_some(create_until_cancelled); }
static void cancel_async(void) { cancel_some(guard_until_cancelled); }

static void cancelled(void)
{
	storm_each(cancel_deferred, -1);
	storm_each(cancel_async, -1);
}

/* ---- Many ---- */

static void four_thousand(void)
{
	pthread_attr_t attr;
	pthread_t t;
	int i;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 16384);
	for (i = 0; i < MANY; i++)
		if (cx_pthread_create(&t, &attr, storm_sleep, NULL))
			_exit(92);
	storm_exec_ok();
}

static void many(void)
{
	struct rlimit limit;

	tap_need_root();
	getrlimit(RLIMIT_NPROC, &limit);
	if (limit.rlim_cur < MANY + 200)
		tap_skip("RLIMIT_NPROC is %lu", (unsigned long)limit.rlim_cur);
	storm_each(four_thousand, -1);
}

/* Eight threads, two of each strategy by turns, half of them to fail. */
static pthread_barrier_t gate;

static void *exec_by_turns(void *arg)
{
	long n = (long)arg;
	int i;

	pthread_barrier_wait(&gate);
	for (i = 0; i < 5 || n % 2; i++) {
		cx_set_strategy((enum cx_strategy)((n + i) % 4));
		storm_exec_fails(i % 2 ? "/nowhere" : storm_garbage,
				 i % 2 ? ENOENT : ENOEXEC);
	}
	storm_exec_ok();
	return arg;
}

static void eight_execs(void)
{
	long n;

	pthread_barrier_init(&gate, NULL, 8);
	for (n = 1; n < 8; n++)
		storm_thread(exec_by_turns, (void *)n);
	exec_by_turns((void *)0L);
}

static void execs_at_once(void)
{
	int i;

	storm_make_garbage();
	for (i = 0; i < 10; i++)
		storm_each(eight_execs, -1);
	storm_remove_garbage();
}

/* ---- No room on the stack ---- */

static void *exec_here(void *arg)
{
	storm_exec_ok();
	return arg;
}

/* The least that libc gives a thread. */
static void small_stack(void)
{
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 16384);
	if (pthread_create(&t, &attr, exec_here, NULL) == 0)
		pthread_join(t, NULL);
}

/* The main thread's, with all but the last pages used up. */
static void down(char *end)
{
	volatile char page[2048];

	page[0] = 1;
	if ((char *)page - end > 12 * 1024)
		down(end);
	else
		storm_exec_ok();
	page[1] = 2; /* or it would be a loop */
}

static void *use_up(void *arg)
{
	down(arg);
	return NULL;
}

static void full_stack(void)
{
	size_t size = 256 * 1024;
	pthread_attr_t attr;
	char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_t t;

	mprotect(stack, 4096, PROT_NONE);
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, stack, size);
	if (pthread_create(&t, &attr, use_up, stack + 4096) == 0)
		pthread_join(t, NULL);
}

static void stacks(void)
{
	storm_each(small_stack, -1);
	storm_each(full_stack, -1);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "fork, vfork and posix_spawn beside failing execs", forks,
		  120 },
		{ "and beside one that works", forks_cut_short, 120 },
		{ "creators that are cancelled", cancelled, 120 },
		{ "4,000 threads", many, 120 },
		{ "eight threads exec at once, by all strategies",
		  execs_at_once, 120 },
		{ "16 KB of stack, and 12 KB left of one", stacks, 60 },
	};

	return tap_main(cases);
}
