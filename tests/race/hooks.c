/* SPDX-License-Identifier: MIT */
/*
 * The exec hook whose strategy is an argument: it is the hook under that
 * strategy, and the strategy of the process stays as it was.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "asleep.h"
#include "frozen.h"
#include "kernel.h"
#include "tap.h"

enum { LONG_MS = 600000, ROUNDS = 2000 };

static const enum cx_strategy strategies[] = { CX_AUTO, CX_UNSHARE, CX_HELPER,
					       CX_LOCK };

static void *run_on(void *(*fn)(void *), void *arg)
{
	pthread_t t;
	void *result;

	check(pthread_create(&t, NULL, fn, arg) == 0, "no thread");
	check(pthread_join(t, &result) == 0, "no join");
	return result;
}

static enum cx_strategy asked(void)
{
	struct cx_status s = { .size = sizeof s };

	check(cx_status(&s) == 0, "no status");
	return s.asked;
}

/* ---- It is the hook under that strategy --------------------------------- */

static atomic_int creator; /* its tid, and -1 when it is through */

static void *create(void *arg)
{
	atomic_store(&creator, (int)syscall(SYS_gettid));
	cx_before_clone();
	cx_after_clone();
	atomic_store(&creator, -1);
	return arg;
}

struct seen {
	int is_private;
	int keeps_out; /* guarded creators */
};

static struct seen look_inside(void)
{
	struct cx_status s = { .size = sizeof s };
	struct seen seen = { 0 };
	pthread_t t;
	int tid;

	check(cx_status(&s) == 0, "no status");
	seen.is_private = s.fs_private;
	atomic_store(&creator, 0);
	check(pthread_create(&t, NULL, create, NULL) == 0, "no thread");
	while ((tid = atomic_load(&creator)) != -1) {
		if (tid > 0 && asleep_in_futex(tid)) {
			seen.keeps_out = 1;
			break;
		}
		usleep(1000);
	}
	cx_after_exec();
	check(pthread_join(t, NULL) == 0, "no join");
	return seen;
}

static void *with_global(void *arg)
{
	static struct seen seen;

	check(cx_set_strategy(*(const enum cx_strategy *)arg) == 0, "set");
	check(cx_before_exec() == 0, "before: %s", strerror(errno));
	seen = look_inside();
	check(cx_set_strategy(CX_AUTO) == 0, "set");
	return &seen;
}

static void *with_argument(void *arg)
{
	static struct seen seen;

	check(cx_before_exec_with(*(const enum cx_strategy *)arg) == 0,
	      "before: %s", strerror(errno));
	check(asked() == CX_AUTO, "the process has %s",
	      strategy_name(asked()));
	seen = look_inside();
	return &seen;
}

static void same_hook(void)
{
	size_t i;

	cx_set_timeout(LONG_MS);
	for (i = 0; i < sizeof strategies / sizeof *strategies; i++) {
		void *s = (void *)&strategies[i];
		struct seen was = *(struct seen *)run_on(with_global, s);
		struct seen is = *(struct seen *)run_on(with_argument, s);
		const char *name = strategy_name(strategies[i]);

		check(was.is_private == (strategies[i] == CX_UNSHARE),
		      "%s: the control is private: %d", name, was.is_private);
		check(is.is_private == was.is_private, "%s: private %d", name,
		      is.is_private);
		check(is.keeps_out == was.keeps_out, "%s: keeps out %d", name,
		      is.keeps_out);
	}
}

/* ---- Nothing is taken for a strategy that is not known ------------------- */

static void *refused(void *arg)
{
	static const int wrong[] = { -1, CX_LOCK + 1, 99 };
	struct cx_status s = { .size = sizeof s };
	size_t i;

	for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		errno = 0;
		check(cx_before_exec_with((enum cx_strategy)wrong[i]) == -1 &&
			      errno == EINVAL,
		      "%d: %s", wrong[i], strerror(errno));
		/* It would wait for as good as ever. */
		run_on(create, NULL);
	}
	check(cx_status(&s) == 0 && !s.fs_private, "the fs is private");
	return arg;
}

static void unknown(void)
{
	cx_set_timeout(LONG_MS);
	run_on(refused, NULL);
	check(cx_before_exec_with(CX_LOCK) == 0, "%s", strerror(errno));
	cx_after_exec();
}

/* ---- The frozen race ----------------------------------------------------- */

static void hook_of_the_process(void)
{
	cx_set_strategy(CX_LOCK);
	cx_before_exec();
}

static void hook_of_its_own(void)
{
	cx_set_strategy(CX_LOCK);
	cx_before_exec_with(CX_UNSHARE);
	if (asked() != CX_LOCK)
		_exit(99);
}

static void frozen(void)
{
	struct frozen_way way = { .plain = 1, .prepare = hook_of_the_process };
	struct race_result r;

	frozen_need_targets();
	r = frozen_run(TARGET_SETUID, &way, 0);
	check(r.verdict == kernel_plain(), "the control: %s",
	      target_verdict_name(r.verdict));
	way.prepare = hook_of_its_own;
	r = frozen_run(TARGET_SETUID, &way, 0);
	check(r.verdict == TARGET_KEPT, "%s, status %#x",
	      target_verdict_name(r.verdict), (unsigned int)r.status);
}

/* ---- Two of them in one process ------------------------------------------ */

static pthread_barrier_t step;

static int fail_to_exec(void)
{
	char *none[] = { NULL };

	return execve("/nowhere", none, none);
}

/* What a binding did before there was an argument. */
static void *change_and_restore(void *arg)
{
	int second = arg != NULL;
	enum cx_strategy before;

	if (second)
		pthread_barrier_wait(&step);
	before = asked();
	cx_set_strategy(CX_UNSHARE);
	if (!second)
		pthread_barrier_wait(&step);
	cx_before_exec();
	fail_to_exec();
	cx_after_exec();
	pthread_barrier_wait(&step); /* the first ends first */
	if (second)
		pthread_barrier_wait(&step);
	cx_set_strategy(before);
	if (!second)
		pthread_barrier_wait(&step);
	return NULL;
}

static atomic_int left;

static void *pass_it(void *arg)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if (cx_before_exec_with(CX_UNSHARE))
			break;
		fail_to_exec();
		cx_after_exec();
	}
	atomic_fetch_sub(&left, 1);
	return arg;
}

static void in_pairs(void *(*fn)(void *))
{
	pthread_t t[2];
	int i;

	for (i = 0; i < 2; i++)
		check(pthread_create(&t[i], NULL, fn, i ? &step : NULL) == 0,
		      "no thread");
	while (atomic_load(&left) > 0)
		check(asked() == CX_AUTO, "the process has %s",
		      strategy_name(asked()));
	for (i = 0; i < 2; i++)
		check(pthread_join(t[i], NULL) == 0, "no join");
}

static void two_threads(void)
{
	pthread_barrier_init(&step, NULL, 2);
	in_pairs(change_and_restore);
	check(asked() == CX_UNSHARE, "the control left %s",
	      strategy_name(asked()));
	cx_set_strategy(CX_AUTO);
	atomic_store(&left, 2);
	in_pairs(pass_it);
	check(asked() == CX_AUTO, "left %s", strategy_name(asked()));
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "each strategy: as the hook under that one", same_hook, 60 },
		{ "a strategy that is not known: EINVAL, nothing is taken",
		  unknown, 60 },
		{ "frozen: unshare by argument keeps, lock of the process lost",
		  frozen, 60 },
		{ "two threads fail to exec: the process's strategy stays",
		  two_threads, 60 },
	};

	return tap_main(cases);
}
