/* SPDX-License-Identifier: MIT */
/*
 * Signals for a thread whose exec by the helper fails, again and again: each
 * is handled once.  Those that it does not block are not for the helper to
 * carry over, however they meet it.
 */
#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <clonexec.h>

#include "stall.h"
#include "storms/storm.h"
#include "sys.h"
#include "tap.h"

enum { SIGNALS = 40000, CHANGES = 3000 };

static pthread_t execing;
static atomic_int done;
static unsigned char handled[SIGNALS];

static void count(int sig, siginfo_t *info, void *context)
{
	handled[info->si_value.sival_int]++;
	(void)sig, (void)context;
}

static void *send_signals(void *arg)
{
	union sigval value;
	volatile int k;
	int i;

	for (i = 0; i < SIGNALS; i++) {
		/* At all moments of an exec, in no order. */
		for (k = i * 7919 % 60000; k > 0; k--)
			;
		value.sival_int = i;
		while (pthread_sigqueue(execing, SIGRTMIN + 1, value) == EAGAIN)
			usleep(100); /* its queue is full */
	}
	atomic_store(&done, 1);
	return arg;
}

static void fail_until_done(void *(*other)(void *))
{
	char *const argv[] = { (char *)"x", NULL };
	pthread_t t;

	storm_make_garbage();
	cx_set_strategy(CX_HELPER);
	execing = pthread_self();
	check(pthread_create(&t, NULL, other, NULL) == 0, "thread");
	while (!atomic_load(&done))
		check(cx_execv(storm_garbage, argv) == -1 && errno == ENOEXEC,
		      "exec: %s", strerror(errno));
	pthread_join(t, NULL);
	storm_remove_garbage();
}

static void each_once(void)
{
	struct sigaction sa = { .sa_sigaction = count,
				.sa_flags = SA_SIGINFO | SA_RESTART };
	int i;

	sigaction(SIGRTMIN + 1, &sa, NULL);
	fail_until_done(send_signals);
	for (i = 0; i < SIGNALS; i++)
		check(handled[i] == 1, "signal %d was handled %d times", i,
		      handled[i]);
}

/* In glibc it waits until every thread has handled signal 33, once each. */
static void *change_ids(void *arg)
{
	int i;

	for (i = 0; i < CHANGES; i++)
		if (seteuid(1000) || seteuid(0))
			_exit(1);
	atomic_store(&done, 1);
	return arg;
}

static void beside_seteuid(void)
{
	tap_need_root();
	fail_until_done(change_ids);
}

/* ---- What a handler does on the helper ---------------------------------- */

/*
 * The exec stops inside the kernel, and is interrupted there by a signal that
 * every other thread blocks: so its handler runs on the helper.
 */
static struct {
	pid_t tid;		/* that ran the handler */
	int has_stack;		/* an alternate one */
	void (*act)(void);
	pid_t child;
} handler;

static struct stall stall;

/* More than a small array holds. */
enum { MANY_GROUPS = 2000 };
static gid_t many_groups[MANY_GROUPS];

static void give_up_root(void)
{
	if (setgroups(MANY_GROUPS, many_groups) ||
	    setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000))
		_exit(1);
}

static void give_up_privileges(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void touch_stack(size_t size)
{
	char room[size];

	memset(room, 1, size);
	__asm__ volatile("" : : "r"(room) : "memory");
}

/* Half of what the header says there is. */
static void take_stack(void)
{
	touch_stack(1024 * 1024);
}

static void take_alternate_stack(void)
{
	touch_stack(256 * 1024);
}

/* Both go on, as far as there is somewhere to go. */
static void fork_and_return(void)
{
	handler.child = fork();
}

static void on_helper(int sig)
{
	pid_t tid = (pid_t)syscall(SYS_gettid);
	stack_t s;

	(void)sig;
	handler.has_stack = sigaltstack(NULL, &s) == 0 &&
			    !(s.ss_flags & SS_DISABLE);
	if (handler.act)
		handler.act();
	__atomic_store_n(&handler.tid, tid, __ATOMIC_RELEASE);
}

static void *interrupt_the_exec(void *arg)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	stall_wait(&stall);
	kill(getpid(), SIGUSR1);
	while (!__atomic_load_n(&handler.tid, __ATOMIC_ACQUIRE))
		usleep(1000);
	/* By its end: nobody here may be root any more. */
	close(stall.lease);
	return arg;
}

static void handle_on_helper(void (*act)(void), int flags)
{
	struct sigaction sa = { .sa_handler = on_helper, .sa_flags = flags };
	pthread_t t;

	tap_need_root();
	handler.act = act;
	sigaction(SIGUSR1, &sa, NULL);
	cx_set_strategy(CX_HELPER);
	stall_open(&stall);
	check(chown(stall.dir, 1000, 1000) == 0, "chown");
	check(pthread_create(&t, NULL, interrupt_the_exec, NULL) == 0,
	      "thread");
	check(cx_execl(stall.script, "x", (char *)NULL) == -1, "exec");
	pthread_join(t, NULL);
	check(handler.tid != 0 && handler.tid != (pid_t)syscall(SYS_gettid),
	      "the control: no handler ran on the helper");
}

/* By the kernel's word for this thread, not by libc's. */
static void ids_are_handed_back(void)
{
	unsigned int id[3];

	int i;

	for (i = 0; i < MANY_GROUPS; i++)
		many_groups[i] = (gid_t)(5000 + i);
	handle_on_helper(give_up_root, 0);
	check(syscall(SYS_GETRESUID_CALL, &id[0], &id[1], &id[2]) == 0 &&
		      id[0] == 1000 && id[1] == 1000 && id[2] == 1000,
	      "still user %u, %u, %u", id[0], id[1], id[2]);
	check(syscall(SYS_GETRESGID_CALL, &id[0], &id[1], &id[2]) == 0 &&
		      id[0] == 1000 && id[1] == 1000 && id[2] == 1000,
	      "still group %u, %u, %u", id[0], id[1], id[2]);
	check(syscall(SYS_GETGROUPS_CALL, MANY_GROUPS, many_groups) ==
		      MANY_GROUPS,
	      "still other groups");
	check(syscall(SYS_SETRESUID_CALL, 0, 0, 0) == -1, "root again");
	stall_close(&stall);
}

/* Nothing of that is done where nothing was given up. */
static void nothing_to_hand_back(void)
{
	unsigned int id[3];

	handle_on_helper(NULL, 0);
	check(syscall(SYS_GETRESUID_CALL, &id[0], &id[1], &id[2]) == 0 &&
		      id[0] == 0 && id[1] == 0 && id[2] == 0, "ids");
	check(handler.has_stack, "the handler had no alternate stack");
	stall_close(&stall);
}

static void no_new_privs(void)
{
	handle_on_helper(give_up_privileges, 0);
	check(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1,
	      "the caller may gain privileges again");
	stall_close(&stall);
}

static void stacks(void)
{
	handle_on_helper(take_stack, 0);
	stall_close(&stall);
	handler.tid = 0;
	handle_on_helper(take_alternate_stack, SA_ONSTACK);
	stall_close(&stall);
}

/* It has nobody to be; it must not seem to have done its work. */
static void forked(void)
{
	int status;

	handle_on_helper(fork_and_return, 0);
	check(handler.child > 0 &&
		      waitpid(handler.child, &status, 0) == handler.child,
	      "no child");
	check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
	      "the child ended with status %#x", (unsigned int)status);
	stall_close(&stall);
}

/* ---- Timers -------------------------------------------------------------- */

struct told {
	int signals;
	long expirations;
};

/* Takes those that are pending; the timer runs on, since what a timer that is
   stopped has pending is dropped (Linux 6.13). */
static struct told take_pending(int sig)
{
	struct timespec at_once = { 0, 0 };
	struct told told = { 0, 0 };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	while (told.signals < 2000 &&
	       sigtimedwait(&set, &info, &at_once) == sig) {
		told.signals++;
		told.expirations += info.si_overrun + 1;
	}
	return told;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/*
 * A timer's signal is blocked and waits; each exec that fails takes it over
 * and gives it back, and the timer sends the next one meanwhile.  The share of
 * its expirations that the program is told of.
 */
static double share_told(int (*execute)(const char *, char *const *))
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID,
				  .sigev_signo = SIGRTMIN + 2 };
	const double period_ms = 0.2;
	struct itimerspec every = { { 0, 200000 }, { 0, 200000 } };
	char *const argv[] = { (char *)"x", NULL };
	struct told told;
	timer_t timer;
	double begin, due;
	int i;

	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	check(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0,
	      "timer: %s", strerror(errno));
	begin = now_ms();
	timer_settime(timer, 0, &every, NULL);
	for (i = 0; i < 300 || now_ms() - begin < 20; i++)
		check(execute(storm_garbage, argv) == -1 && errno == ENOEXEC,
		      "exec: %s", strerror(errno));
	due = (now_ms() - begin) / period_ms;
	told = take_pending(SIGRTMIN + 2);
	timer_delete(timer);
	check(told.signals > 0 && told.signals <= 4,
	      "%d signals of one timer are pending", told.signals);
	return (double)told.expirations / due;
}

static void timers(void)
{
	double share;
	pthread_t t;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	storm_make_garbage();
	cx_set_strategy(CX_HELPER);
	pthread_create(&t, NULL, storm_sleep, NULL);
	share = share_told(execv);
	check(share > 0.9, "the control: told of %.3f", share);
	share = share_told(cx_execv);
	check(share > 0.9, "told of %.3f of them", share);
	storm_remove_garbage();
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "a signal for the thread is handled once", each_once, 120 },
		{ "seteuid in another thread comes to its end",
		  beside_seteuid, 120 },
		{ "ids that a handler on the helper gives up are the caller's",
		  ids_are_handed_back, 60 },
		{ "a handler on the helper has an alternate stack",
		  nothing_to_hand_back, 60 },
		{ "no_new_privs that one sets there is the caller's",
		  no_new_privs, 60 },
		{ "and stacks of the sizes that the header names", stacks,
		  60 },
		{ "a child that one forks there and that returns is killed",
		  forked, 60 },
		{ "a timer's signal is not multiplied, and no expiration lost",
		  timers, 60 },
	};

	return tap_main(cases);
}
