/* SPDX-License-Identifier: MIT */
/*
 * This code more than once in a process: an exec by one copy waits for a
 * creator that another one guards.  Held are in turn the copy that this
 * program is linked with (shared or, BY_STATIC, in itself), the shim's, which
 * is preloaded, and another library's.  Behind the shim stands slow.so, whose
 * pthread_create stands still while it is told to.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <clonexec.h>

#include "asleep.h"
#include "tap.h"

/* slow.so's. */
static atomic_int *slow;

static struct {
	void (*hold)(void);
	void (*let_go)(void);
	int (*exec)(void);	/* 0, or -1 for a wait that timed out */
	atomic_int is_held, may_go, has_returned, tid;
	int result;
} play;

static void *hold(void *arg)
{
	play.hold();
	atomic_store(&play.is_held, 1);
	while (!atomic_load(&play.may_go))
		usleep(1000);
	play.let_go();
	return arg;
}

static void *exec_now(void *arg)
{
	atomic_store(&play.tid, (int)syscall(SYS_gettid));
	play.result = play.exec();
	atomic_store(&play.has_returned, 1);
	return arg;
}

/* Whether the exec waited; -1: it did, and longer than it does. */
static int exec_waits(void)
{
	pthread_t holder, execer;
	int waited = 0, i;

	atomic_store(&play.is_held, 0);
	atomic_store(&play.may_go, 0);
	atomic_store(&play.has_returned, 0);
	atomic_store(&play.tid, 0);
	pthread_create(&holder, NULL, hold, NULL);
	for (i = 0; i < 20000 && !atomic_load(&play.is_held); i++)
		usleep(1000);
	pthread_create(&execer, NULL, exec_now, NULL);
	while (!atomic_load(&play.tid))
		usleep(1000);
	while (!waited && !atomic_load(&play.has_returned))
		waited = asleep_in_futex(atomic_load(&play.tid));
	atomic_store(&play.may_go, 1);
	pthread_join(holder, NULL);
	pthread_join(execer, NULL);
	return waited && play.result < 0 ? -1 : waited;
}

/* A machine that stands still for seconds is asked again. */
static void expect_wait(int want, const char *what)
{
	int i, r = -1;

	for (i = 0; i < 5 && r < 0; i++)
		r = exec_waits();
	check(r == want, "%s: %s", what,
	      r ? "the exec waited" : "the exec did not wait");
}

/* ---- Holders and execs --------------------------------------------------- */

static void hold_library(void) { cx_before_clone(); }
static void leave_library(void) { cx_after_clone(); }

static pthread_t slow_creator;

static void *nothing(void *arg)
{
	return arg;
}

static void *create_slowly(void *arg)
{
	pthread_t t;

	if (pthread_create(&t, NULL, nothing, slow) == 0)
		pthread_join(t, NULL);
	return arg;
}

static void hold_shim(void)
{
	int i;

	atomic_store(slow, 1);
	pthread_create(&slow_creator, NULL, create_slowly, NULL);
	for (i = 0; i < 20000 && atomic_load(slow) != 2; i++)
		usleep(1000);
}

static void leave_shim(void)
{
	atomic_store(slow, 0);
	pthread_join(slow_creator, NULL);
}

static int exec_by_library(void)
{
	int r = cx_before_exec();

	cx_after_exec();
	return r;
}

static int exec_by_shim(void)
{
	char *const args[] = { (char *)"x", NULL };
	struct timespec from, now;

	clock_gettime(CLOCK_MONOTONIC, &from);
	execv("/nowhere", args);
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - from.tv_sec >= 2 ? -1 : 0;
}

static void begin(void)
{
	cx_set_strategy(CX_LOCK);
	slow = (atomic_int *)dlsym(RTLD_DEFAULT, "slow_state");
	check(slow != NULL, "slow.so is not preloaded");
}

/* ---- The cases ----------------------------------------------------------- */

static void library_and_shim(void)
{
	begin();
	play.hold = hold_library;
	play.let_go = leave_library;
	play.exec = exec_by_library;
	expect_wait(1, "the control: one copy alone");
	play.exec = exec_by_shim;
	expect_wait(1, "the shim's exec beside the library's creator");
}

static void shim_and_library(void)
{
	begin();
	play.hold = hold_shim;
	play.let_go = leave_shim;
	play.exec = exec_by_library;
	expect_wait(1, "the library's exec beside the shim's creator");
}

static void (*other_before)(void), (*other_after)(void);

static void hold_other(void) { other_before(); }
static void leave_other(void) { other_after(); }

static void find_other(const char *path, int flags)
{
	void *handle = dlopen(path, RTLD_NOW | flags);

	check(handle != NULL, "%s", dlerror());
	other_before = (void (*)(void))dlsym(handle, "cx_before_clone");
	other_after = (void (*)(void))dlsym(handle, "cx_after_clone");
	check(other_before && other_before != cx_before_clone,
	      "it is the same copy");
	play.hold = hold_other;
	play.let_go = leave_other;
	play.exec = exec_by_library;
}

static int strangers(void)
{
	struct cx_status s = { .size = sizeof s };

	check(cx_status(&s) == 0, "cx_status");
	return s.strangers;
}

/* Of another version, say: loaded with the program. */
static void two_libraries(void)
{
	begin();
	find_other("libclonexec-other.so", RTLD_NOLOAD);
	check(strangers() == 0, "%d strangers", strangers());
	expect_wait(1, "an exec beside the other library's creator");
}

/* Loaded later: it may go at any time, so it is only counted. */
static void plugin(void)
{
	begin();
	check(strangers() == 0, "%d strangers", strangers());
	find_other(getenv("PLUGIN"), 0);
	check(strangers() == 1, "%d strangers, not 1", strangers());
	expect_wait(0, "a copy that cannot be asked");
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "the shim's exec waits for the library's creator",
		  library_and_shim, 60 },
		{ "and the other way round", shim_and_library, 60 },
		{ "two libraries", two_libraries, 60 },
		{ "one that was loaded later is told of", plugin, 60 },
	};

	return tap_main(cases);
}
