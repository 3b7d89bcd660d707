/* SPDX-License-Identifier: MIT */
/*
 * Signals every 50 us, to the process and to the thread that execs.  The
 * storm's signal is one that a program ignores by default, so the new one
 * survives what is left of it.
 */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "storm.h"
#include "tap.h"

enum { ROUNDS = 100, SIGNAL = SIGURG };

static atomic_int handled;

static void handle(void (*handler)(int))
{
	struct sigaction a = { .sa_handler = handler };

	sigfillset(&a.sa_mask);
	sigaction(SIGNAL, &a, NULL);
}

static void count(int sig)
{
	(void)sig;
	atomic_fetch_add(&handled, 1);
}

static void fail_some(void)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		storm_exec_fails("/nowhere", ENOENT);
		storm_exec_fails(storm_garbage, ENOEXEC);
	}
}

/* ---- to the process: any thread may handle it ---- */

static void interrupted(void)
{
	handle(count);
	storm_thread(storm_sleep, NULL);
	fail_some();
	while (atomic_load(&handled) < 10)
		sched_yield();
	storm_exec_ok();
}

static void to_the_process(void)
{
	storm_make_garbage();
	storm_each_under_fire(interrupted, SIGNAL, -1);
	storm_remove_garbage();
}

/* ---- to the thread ---- */

static void *shoot(void *arg)
{
	pthread_t target = *(pthread_t *)arg;

	for (;;) {
		pthread_kill(target, SIGNAL);
		usleep(50);
	}
	return NULL;
}

static void shot_at(void)
{
	static pthread_t me;

	me = pthread_self();
	handle(count);
	storm_thread(shoot, &me);
	fail_some();
	while (atomic_load(&handled) < 10)
		sched_yield();
	storm_exec_ok();
}

static void to_the_thread(void)
{
	storm_make_garbage();
	storm_each(shot_at, -1);
	storm_remove_garbage();
}

/* ---- handlers that jump out of the exec ---- */

static sigjmp_buf back;
static volatile sig_atomic_t may_jump;
static pthread_t jumper;

static void jump(int sig)
{
	if (may_jump && pthread_equal(pthread_self(), jumper))
		siglongjmp(back, sig);
}

static void *end_thread(void *arg)
{
	return arg;
}

/* The lock may be left behind: one bounded wait, then they get in. */
static void *create(void *arg)
{
	pthread_t t;
	int r;

	for (;;) {
		r = cx_pthread_create(&t, NULL, end_thread, NULL);
		if (r == 0)
			pthread_join(t, NULL);
		else if (r != EAGAIN)
			_exit(97);
	}
	return arg;
}

static void jumped_out(void)
{
	static volatile int jumps;

	cx_set_timeout(20);
	jumper = pthread_self();
	handle(jump);
	storm_thread(create, NULL);
	if (sigsetjmp(back, 1))
		jumps++;
	may_jump = 1;
	while (jumps < ROUNDS)
		storm_exec_fails("/nowhere", ENOENT);
	may_jump = 0;
	storm_exec_ok();
}

/* Not from the helper: SECURITY.md says so. */
static void jumps(void)
{
	storm_each_under_fire(jumped_out, SIGNAL, CX_HELPER);
}

/* ---- handlers that exec ---- */

static void exec_now(int sig)
{
	(void)sig;
	if (atomic_fetch_add(&handled, 1) == 20)
		storm_exec_ok();
}

static void until_handled(void)
{
	handle(exec_now);
	storm_thread(storm_sleep, NULL);
	for (;;)
		storm_exec_fails(storm_garbage, ENOEXEC);
}

static void execs(void)
{
	storm_make_garbage();
	storm_each_under_fire(until_handled, SIGNAL, -1);
	storm_remove_garbage();
}

/* ---- handlers that create threads ---- */

enum { SLOTS = 8, STACK = 16384 };

static struct slot {
	pid_t tid; /* the kernel clears it */
	char stack[STACK] __attribute__((aligned(64)));
} slots[SLOTS];

static int end_at_once(void *arg)
{
	return arg != NULL;
}

/* By clone, since pthread_create is not for handlers. */
static void create_one(int sig)
{
	int saved = errno, i, r;

	(void)sig;
	for (i = 0; i < SLOTS; i++)
		if (__atomic_load_n(&slots[i].tid, __ATOMIC_ACQUIRE) == 0)
			break;
	if (i < SLOTS) {
		r = cx_clone(end_at_once, slots[i].stack + STACK,
			     CLONE_VM | CLONE_FS | CLONE_FILES |
				     CLONE_SIGHAND | CLONE_THREAD |
				     CLONE_SYSVSEM | CLONE_PARENT_SETTID |
				     CLONE_CHILD_CLEARTID,
			     NULL, &slots[i].tid, NULL, &slots[i].tid);
		if (r > 0)
			atomic_fetch_add(&handled, 1);
		else if (errno != EAGAIN)
			_exit(96);
	}
	errno = saved;
}

static void while_creating(void)
{
	sigset_t set;

	handle(create_one);
	/* To one thread only, as the slots are not shared. */
	sigemptyset(&set);
	sigaddset(&set, SIGNAL);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	storm_thread(storm_sleep, NULL);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	fail_some();
	while (atomic_load(&handled) < 20)
		sched_yield();
	storm_exec_ok();
}

static void creations(void)
{
	storm_make_garbage();
	storm_each_under_fire(while_creating, SIGNAL, -1);
	storm_remove_garbage();
}

/* ---- stop and go ---- */

static void stopped(void)
{
	storm_thread(storm_sleep, NULL);
	fail_some();
	storm_exec_ok();
}

static void stop_and_go(void)
{
	storm_make_garbage();
	storm_each_under_fire(stopped, SIGSTOP, -1);
	storm_remove_garbage();
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "signals to the process", to_the_process, 120 },
		{ "signals to the thread", to_the_thread, 120 },
		{ "handlers that jump out of the exec", jumps, 120 },
		{ "handlers that exec", execs, 120 },
		{ "handlers that create threads", creations, 120 },
		{ "SIGSTOP and SIGCONT", stop_and_go, 120 },
	};

	return tap_main(cases);
}
