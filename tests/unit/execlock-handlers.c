/* SPDX-License-Identifier: MIT */
/*
 * An exec in a signal handler that interrupts an exec of the same thread: it
 * ends the hold of the one below it, which has to begin again, and whoever
 * was kept waiting must come in.  (spin found both; each step here is made
 * to happen, none is left to chance.)
 */
#include "execlock.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "asleep.h"
#include "hammer.h"
#include "tap.h"
#include "wait.h"

static atomic_int gone_tid, below_tid, late_tid, go_in, is_in, go_out;
static atomic_int handler_ms, late_came;

static int own_tid(void)
{
	return (int)syscall(SYS_gettid);
}

static void await_asleep(atomic_int *tid)
{
	while (!atomic_load(tid) || !asleep_in_futex(atomic_load(tid)))
		sched_yield();
}

/* ---- A creator that waits for the door and jumps away from there ---- */

static sigjmp_buf away;

static void jump(int sig)
{
	siglongjmp(away, sig);
}

static void *wait_and_jump(void *arg)
{
	if (sigsetjmp(away, 1) == 0) {
		atomic_store(&gone_tid, own_tid());
		cx_execlock_enter(EXECLOCK_CREATIONS);
	}
	return arg;
}

/* Leaves the lock free, but with one who is waited for. */
static void leave_a_waiter(void)
{
	pthread_t t;

	signal(SIGUSR2, jump);
	cx_wait_set_timeout(HAMMER_LONG_MS);
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	hammer_start(&t, wait_and_jump, NULL);
	await_asleep(&gone_tid);
	pthread_kill(t, SIGUSR2);
	pthread_join(t, NULL);
	cx_execlock_unlock();
}

/* ---- Two creators: one comes in after the handler, one too late ---- */

static void *come_in(void *arg)
{
	while (!atomic_load(&go_in))
		sched_yield();
	cx_execlock_enter(EXECLOCK_CREATIONS);
	atomic_store(&is_in, 1);
	while (!atomic_load(&go_out))
		sched_yield();
	cx_execlock_leave(EXECLOCK_CREATIONS);
	return arg;
}

static void *come_late(void *arg)
{
	atomic_store(&late_tid, own_tid());
	cx_execlock_enter(EXECLOCK_CREATIONS);
	atomic_store(&late_came, 1);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	return arg;
}

/* ---- The exec in the handler, and the one below it ---- */

static void exec_in_vain(int sig)
{
	/* Gives up who is waited for, so that the exec below goes on. */
	cx_wait_set_timeout(1);
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	cx_execlock_unlock();
	cx_wait_set_timeout(HAMMER_LONG_MS);
	usleep((unsigned int)atomic_load(&handler_ms) * 1000);
	atomic_store(&go_in, sig != 0);
	while (!atomic_load(&is_in))
		sched_yield();
}

static void *lock_below(void *arg)
{
	atomic_store(&below_tid, own_tid());
	cx_execlock_lock(EXECLOCK_NO_CREATION);
	cx_execlock_unlock();
	return arg;
}

/* The exec sleeps until the waiter has come in, who never does, and is then
   interrupted by one that takes this long. */
static void interrupt(pthread_t *below, pthread_t *in, unsigned int limit_ms,
		      int taking_ms)
{
	signal(SIGUSR1, exec_in_vain);
	atomic_store(&handler_ms, taking_ms);
	leave_a_waiter();
	cx_wait_set_timeout(limit_ms);
	hammer_start(in, come_in, NULL);
	hammer_start(below, lock_below, NULL);
	await_asleep(&below_tid);
	pthread_kill(*below, SIGUSR1);
	while (!atomic_load(&is_in))
		sched_yield();
}

/* The exec has closed the door, and begins again when the creator inside has
   left.  Who came in between must not wait for it, nor it for that one. */
static void begins_again(void)
{
	pthread_t below, in, late;

	interrupt(&below, &in, HAMMER_LONG_MS, 0);
	await_asleep(&below_tid);
	hammer_start(&late, come_late, NULL);
	await_asleep(&late_tid);
	atomic_store(&go_out, 1);
	pthread_join(late, NULL);
	pthread_join(below, NULL);
	pthread_join(in, NULL);
	check(atomic_load(&late_came), "the late one did not come in");
	hammer_check_idle();
}

/* Its time is over meanwhile: it goes on, and leaves no door closed. */
static void no_time_left(void)
{
	pthread_t below, in, late;

	interrupt(&below, &in, 1000, 1100);
	atomic_store(&go_out, 1);
	pthread_join(below, NULL);
	pthread_join(in, NULL);
	cx_wait_set_timeout(HAMMER_LONG_MS);
	hammer_start(&late, come_late, NULL);
	pthread_join(late, NULL);
	hammer_check_idle();
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "an exec whose hold a handler ended begins again",
		  begins_again, 30 },
		{ "or goes on without, and leaves no door closed",
		  no_time_left, 30 },
	};

	return tap_main(cases);
}
