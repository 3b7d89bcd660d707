/* SPDX-License-Identifier: MIT */
/*
 * The exec lock's own C code under every order of its steps.  What the model
 * in model/ says of the algorithm, this says of the code.
 *
 * Usage: test-interleave [--large]
 */
#include "interleave.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* The real ones under other names: execlock.c is to call those below. */
#define sys_futex_wake real_futex_wake
#define sys_gettid real_gettid
#define sys_getpid real_getpid
#define sys_madvise real_madvise
#define sys_sigmask real_sigmask
#include "sys.h"
#undef sys_futex_wake
#undef sys_gettid
#undef sys_getpid
#undef sys_madvise
#undef sys_sigmask
#include "wait.h"

static int sys_futex_wake(uint32_t *word, int count, uint32_t channel)
{
	interleave_wake(word, count, channel);
	return 0;
}

static int sys_gettid(void)
{
	return 100 + interleave_thread();
}

static int sys_getpid(void)
{
	return 100;
}

static int sys_madvise(void *start, size_t size, int advice)
{
	return start && size && advice ? 0 : -1;
}

/* All signals or none. */
static int sys_sigmask(int how, const sys_sigset *set, sys_sigset *old)
{
	int were_blocked = interleave_block(*set != 0);

	if (old)
		*old = were_blocked ? ~(sys_sigset)0 : 0;
	return how == SIG_SETMASK ? 0 : -1;
}

/* One millisecond is for looking again, all else is the time limit. */
static int is_brief(const struct cx_wait_limit *limit)
{
	return limit->milliseconds == 1;
}

uint32_t cx_wait_timeout(void)
{
	return WAIT_TIMEOUT_DEFAULT;
}

void cx_wait_begin(struct cx_wait_limit *limit)
{
	(void)limit;
}

/* Its time is up where a wait of it has been in vain. */
int cx_wait_is_over(struct cx_wait_limit *limit)
{
	return !is_brief(limit) && limit->has_begun;
}

int cx_wait_on(uint32_t *word, uint32_t value, uint32_t channel,
	       struct cx_wait_limit *limit)
{
	if (interleave_wait(word, value, channel, is_brief(limit)))
		limit->has_begun = 1;
	return cx_wait_is_over(limit) ? -110 : 0;
}

/* Every atomic operation is a step. */
#define STEP(expression) \
	({ interleave_step(); expression; })
#define __atomic_load_n(p, order) STEP(*(p))
#define __atomic_store_n(p, v, order) STEP(*(p) = (v))
#define __atomic_exchange_n(p, v, order) \
	STEP(({ __typeof__(*(p)) old_ = *(p); *(p) = (v); old_; }))
#define __atomic_fetch_add(p, v, order) STEP((*(p) += (v)) - (v))
#define __atomic_fetch_sub(p, v, order) STEP((*(p) -= (v)) + (v))
#define __atomic_add_fetch(p, v, order) STEP(*(p) += (v))
#define __atomic_sub_fetch(p, v, order) STEP(*(p) -= (v))
#define __atomic_fetch_or(p, v, order) \
	STEP(({ __typeof__(*(p)) old_ = *(p); *(p) |= (v); old_; }))
#define __atomic_fetch_and(p, v, order) \
	STEP(({ __typeof__(*(p)) old_ = *(p); *(p) &= (v); old_; }))
#define __atomic_compare_exchange_n(p, e, v, weak, good, bad)              \
	STEP((*(p) == *(e) ? (*(p) = (v), 1) : (*(e) = *(p), 0)))
#define __atomic_signal_fence(order) ((void)0)
#define __thread

#include "../../src/lock/lockpage.c"
#include "../../src/lock/execlock.c"
#include "../../src/lock/creators.c"

/* ---- What is asserted ---- */

static struct {
	int creators, holders;
	int regions, region_holders;
	int inside[INTERLEAVE_MAX];	/* of the threads */
	int busy[INTERLEAVE_MAX];	/* in enter or leave */
	int holds[INTERLEAVE_MAX];
	int excused;	/* a handler came where the code says what it costs */
} seen_in;

static int excused(void)
{
	return seen_in.excused || interleave_was_in_vain();
}

static void signalled(int thread)
{
	if (seen_in.busy[thread] || seen_in.holds[thread])
		seen_in.excused = 1;
}

static void enter(void)
{
	seen_in.busy[interleave_thread()] = 1;
	cx_execlock_enter(EXECLOCK_CREATIONS);
	seen_in.busy[interleave_thread()] = 0;
}

static void leave(void)
{
	seen_in.busy[interleave_thread()] = 1;
	cx_execlock_leave(EXECLOCK_CREATIONS);
	seen_in.busy[interleave_thread()] = 0;
}

static void create(void)
{
	int t = interleave_thread();

	seen_in.creators++;
	seen_in.inside[t]++;
	if (seen_in.holders && !excused())
		interleave_fail("I2: a creator beside an exec");
	interleave_step();
	seen_in.creators--;
	seen_in.inside[t]--;
}

static void exec_in_vain(void)
{
	int t = interleave_thread();

	cx_execlock_lock(EXECLOCK_NO_CREATION);
	seen_in.holds[t] = 1;
	seen_in.holders++;
	if ((seen_in.holders > 1 || seen_in.creators > seen_in.inside[t]) &&
	    !excused())
		interleave_fail("I3: an exec not alone");
	interleave_step();
	if (seen_in.creators > seen_in.inside[t] && !excused())
		interleave_fail("I2: an exec not alone any more");
	seen_in.holders--;
	seen_in.holds[t] = 0;
	cx_execlock_unlock();
}

/* What no exec runs beside. */
static void region(void)
{
	seen_in.regions++;
	if (seen_in.region_holders)
		interleave_fail("I2: a region beside an exec");
	interleave_step();
	seen_in.regions--;
}

/* One with a fs of its own, or one on the shared fs. */
static void exec_of(enum execlock_set set)
{
	cx_execlock_lock(set);
	seen_in.region_holders++;
	if (seen_in.region_holders > 1 || seen_in.regions ||
	    (set == EXECLOCK_NOBODY && seen_in.creators))
		interleave_fail("I3: an exec not alone");
	interleave_step();
	seen_in.region_holders--;
	cx_execlock_unlock();
}

/* ---- The threads ---- */

static void region_in_creation(void)
{
	enter();
	seen_in.creators++;
	cx_execlock_enter(EXECLOCK_REGIONS);
	region();
	cx_execlock_leave(EXECLOCK_REGIONS);
	seen_in.creators--;
	leave();
}

static void creation_in_region(void)
{
	cx_execlock_enter(EXECLOCK_REGIONS);
	seen_in.regions++;
	enter();
	leave();
	seen_in.regions--;
	cx_execlock_leave(EXECLOCK_REGIONS);
}

static void holder_of_both(void)
{
	exec_of(EXECLOCK_NOBODY);
}

static void holder_of_regions(void)
{
	exec_of(EXECLOCK_NO_REGION);
}

static void creator(void)
{
	enter();
	create();
	leave();
}

static void creator_twice(void)
{
	creator();
	creator();
}

static void nested_creator(void)
{
	enter();
	enter();
	create();
	leave();
	create();
	leave();
}

static void holder(void)
{
	exec_in_vain();
}

static void holder_twice(void)
{
	exec_in_vain();
	exec_in_vain();
}

/* Dies in its exec. */
static void dying_holder(void)
{
	cx_execlock_lock(EXECLOCK_NO_CREATION);
}

/* Jumps out of its guarded region, and lives on. */
static void jumping_creator(void)
{
	enter();
	seen_in.excused = 1;
	enter();
	leave();
}

static void handler_execs(void)
{
	exec_in_vain();
}

static void handler_creates(void)
{
	cx_execlock_enter(EXECLOCK_CREATIONS);
	cx_execlock_leave(EXECLOCK_CREATIONS);
}

/* ---- */

static const char *all_is_free(void)
{
	if (excused())
		return NULL;
	if (cx_execlock.of[EXECLOCK_CREATIONS].state != EXECLOCK_READY)
		return "I6: the state is not as at the beginning";
	if (cx_execlock.of[EXECLOCK_CREATIONS].holder ||
	    cx_execlock.of[EXECLOCK_CREATIONS].waiting)
		return "I4, I5: somebody is left behind";
	return NULL;
}

static const char *both_are_free(void)
{
	const struct execlock *regions = &cx_execlock.of[EXECLOCK_REGIONS];

	if (regions->state & ~EXECLOCK_READY || regions->holder ||
	    regions->waiting)
		return "I4, I5, I6: the lock of regions is not free";
	return cx_execlock.of[EXECLOCK_CREATIONS].state ? all_is_free() : NULL;
}

static const char *anything(void)
{
	return NULL;
}

static const struct interleave small[] = {
	{ "2 creators, 1 exec", { creator, creator, holder },
	  .end = all_is_free },
	{ "1 creator, 2 execs", { creator, holder, holder },
	  .end = all_is_free },
	{ "a creator and an exec, twice each", { creator_twice, holder_twice },
	  .end = all_is_free },
	{ "a nested creator", { nested_creator, holder }, .end = all_is_free },
	{ "waits in vain", { creator, holder }, .timeouts = 1,
	  .end = anything },
	{ "an exec in an exec's handler", { creator, holder },
	  .handler = handler_execs, .handled = 1, .end = all_is_free },
	{ "the same beside another exec", { creator, holder, holder },
	  .handler = handler_execs, .handled = 1, .end = all_is_free },
	{ "a creation in an exec's handler", { creator, holder },
	  .handler = handler_creates, .handled = 1, .end = all_is_free },
	{ "an exec in a creator's handler", { creator, creator },
	  .handler = handler_execs, .handled = 0, .end = all_is_free },
	{ "the same beside an exec, in vain", { creator, holder },
	  .handler = handler_execs, .handled = 0, .timeouts = 1,
	  .end = anything },
	{ "an exec dies beside a creator", { creator, dying_holder },
	  .timeouts = 1, .end = anything },
	{ "an exec dies beside another", { holder, dying_holder },
	  .timeouts = 1, .end = anything },
	{ "a creator jumps away", { jumping_creator, holder }, .timeouts = 1,
	  .end = anything },
	{ "a region in a creation, beside an exec of both",
	  { region_in_creation, holder_of_both }, .end = both_are_free },
	{ "a creation in a region, the same",
	  { creation_in_region, holder_of_both }, .end = both_are_free },
	{ "a region in a creation, beside an exec of regions",
	  { region_in_creation, holder_of_regions }, .end = both_are_free },
	{ "an exec of regions, whose handler creates, and one of both",
	  { holder_of_regions, holder_of_both }, .handler = handler_creates,
	  .handled = 0, .end = both_are_free },
	{ "an exec of both, one of regions",
	  { holder_of_both, holder_of_regions }, .end = both_are_free },
};

static const struct interleave large[] = {
	{ "a region in a creation, beside an exec of both and one of regions",
	  { region_in_creation, holder_of_both, holder_of_regions },
	  .end = both_are_free },
	{ "a creation in a region, the same",
	  { creation_in_region, holder_of_both, holder_of_regions },
	  .end = both_are_free },
	{ "2 creators, 2 execs", { creator, creator, holder, holder },
	  .end = all_is_free },
	{ "3 creators, 1 exec", { creator, creator, creator, holder },
	  .end = all_is_free },
	{ "an exec dies beside both", { creator, dying_holder, holder },
	  .timeouts = 1, .end = anything },
	{ "2 creators, 1 exec, in vain", { creator, creator, holder },
	  .timeouts = 1, .end = anything },
};

/* How many states there may be. */
enum { SMALL = 1 << 22, LARGE = 1 << 28 };

static int run_all(const struct interleave *all, int n, int first,
		   unsigned long states_max)
{
	unsigned long states;
	int i, bad = 0;

	for (i = 0; i < n; i++) {
		int failed = interleave_run(&all[i], states_max,
					    &states) != 0;

		bad |= failed;
		printf("%sok %d - %s (%lu states)\n", failed ? "not " : "",
		       first + i, all[i].name, states);
		fflush(stdout);
	}
	return bad;
}

int main(int argc, char **argv)
{
	int n = sizeof small / sizeof *small;
	int more = argc > 1 && !strcmp(argv[1], "--large")
			 ? (int)(sizeof large / sizeof *large) : 0;
	int bad;

	interleave_shared(&cx_execlock, 8 * sizeof(uint32_t));
	interleave_shared(&seen_in, sizeof seen_in);
	interleave_local(cx_execlock_depth, sizeof cx_execlock_depth);
	interleave_local(&holder_tid, sizeof holder_tid);
	interleave_on_signal(signalled);
	printf("1..%d\n", n + more);
	bad = run_all(small, n, 1, SMALL);
	bad |= run_all(large, more, n + 1, LARGE);
	return bad;
}
