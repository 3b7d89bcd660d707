/* SPDX-License-Identifier: MIT */
/* Scenarios: masks, dispositions and pending signals. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "scenario.h"

static int block(int first, int last)
{
	sigset_t set;
	int i;

	sigemptyset(&set);
	for (i = first; i <= last; i++)
		sigaddset(&set, i);
	return pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static int mask_some(void)
{
	return block(SIGUSR1, SIGTERM);
}

static int mask_all(void)
{
	return block(1, SIGRTMAX);
}

static int queue_to_me(int sig, int code, int value)
{
	siginfo_t info;

	memset(&info, 0, sizeof info);
	info.si_signo = sig;
	info.si_code = code;
	info.si_pid = getpid();
	info.si_value.sival_int = value;
	return scenario_errno(syscall(SYS_rt_tgsigqueueinfo, getpid(),
				      gettid(), sig, &info));
}

static int kill_me(int sig)
{
	return scenario_errno(syscall(SYS_tgkill, getpid(), gettid(), sig));
}

static int pending_thread(void)
{
	block(1, SIGRTMAX);
	return kill_me(SIGUSR1);
}

static int pending_process(void)
{
	block(1, SIGRTMAX);
	return scenario_errno(kill(getpid(), SIGUSR2));
}

static int pending_queue(void)
{
	int i, r = 0;

	block(1, SIGRTMAX);
	for (i = 0; i < 40 && r == 0; i++)
		r = queue_to_me(SIGRTMIN + 3 + i % 3, SI_QUEUE, 100 + i);
	return r;
}

/* More than the helper can carry, so it has to say no. */
static int pending_many(void)
{
	int i, r = 0;

	block(1, SIGRTMAX);
	for (i = 0; i < 500 && r == 0; i++)
		r = queue_to_me(SIGRTMIN + 3, SI_QUEUE, i);
	return r;
}

static int pending_both(void)
{
	union sigval value = { .sival_int = 7 };
	int i, r = 0;

	block(1, SIGRTMAX);
	for (i = 0; i < 4 && r == 0; i++) {
		r = queue_to_me(SIGRTMIN + 5, SI_QUEUE, i);
		value.sival_int = 50 + i;
		if (r == 0)
			r = scenario_errno(sigqueue(getpid(), SIGRTMIN + 5,
						    value));
	}
	kill_me(SIGUSR1);
	kill(getpid(), SIGUSR1);
	return r;
}

/* As if by the kernel, by kill and by others: the code must survive. */
static int pending_codes(void)
{
	block(1, SIGRTMAX);
	queue_to_me(SIGSEGV, 1, 0);
	queue_to_me(SIGCHLD, 1, 0);
	queue_to_me(SIGTERM, SI_USER, 0);
	queue_to_me(SIGIO, SI_SIGIO, 0);
	queue_to_me(SIGRTMIN + 1, SI_MESGQ, 0);
	return queue_to_me(SIGRTMIN + 2, SI_ASYNCIO, 0);
}

/* exec throws away what timers have sent: here by a real timer … */
static int pending_timer(void)
{
	struct sigevent e = { .sigev_notify = SIGEV_THREAD_ID,
			      .sigev_signo = SIGRTMIN + 4 };
	struct itimerspec soon = { { 0, 0 }, { 0, 1 } };
	struct timespec pause = { 0, 2000000 };
	sigset_t set;
	timer_t t;
	int i;

	block(1, SIGRTMAX);
	e._sigev_un._tid = gettid();
	if (timer_create(CLOCK_MONOTONIC, &e, &t))
		return errno;
	timer_settime(t, 0, &soon, NULL);
	for (i = 0; i < 1000; i++) {
		sigpending(&set);
		if (sigismember(&set, SIGRTMIN + 4))
			return 0;
		nanosleep(&pause, NULL);
	}
	return ETIMEDOUT;
}

/* … and here by one who says that he is one. */
static int pending_forged_timer(void)
{
	block(1, SIGRTMAX);
	queue_to_me(SIGUSR1, SI_TIMER, 5);
	return queue_to_me(SIGRTMIN + 4, SI_TIMER, 5);
}

static int pending_alarm(void)
{
	struct itimerval soon = { { 0, 0 }, { 0, 1 } };
	struct timespec pause = { 0, 2000000 };
	sigset_t set;
	int i;

	block(1, SIGRTMAX);
	setitimer(ITIMER_REAL, &soon, NULL);
	for (i = 0; i < 1000; i++) {
		sigpending(&set);
		if (sigismember(&set, SIGALRM))
			return 0;
		nanosleep(&pause, NULL);
	}
	return ETIMEDOUT;
}

/* Blocked and pending, but ignored by then. */
static int pending_ignored(void)
{
	block(1, SIGRTMAX);
	signal(SIGUSR2, SIG_IGN);
	return kill_me(SIGUSR2);
}

static int ignore_some(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGRTMIN + 7, SIG_IGN);
	return 0;
}

static void handler(int sig)
{
	(void)sig;
}

static int handle_some(void)
{
	struct sigaction a = { .sa_handler = handler,
			       .sa_flags = SA_SIGINFO | SA_RESTART };
	int i;

	sigfillset(&a.sa_mask);
	for (i = SIGUSR1; i < SIGCHLD; i++)
		sigaction(i, &a, NULL);
	return 0;
}

static int alternate_stack(void)
{
	stack_t alt = { .ss_size = 65536 };

	alt.ss_sp = mmap(NULL, alt.ss_size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return scenario_errno(sigaltstack(&alt, NULL));
}

static int interval_timers(void)
{
	struct itimerval far = { { 500, 0 }, { 1000, 0 } };
	int i;

	for (i = ITIMER_REAL; i <= ITIMER_PROF; i++)
		if (setitimer(i, &far, NULL))
			return errno;
	return 0;
}

static const struct scenario list[] = {
	{ "signals blocked", "signal.mask", mask_some, NULL, 0 },
	{ "all signals blocked", "signal.mask", mask_all, NULL, 0 },
	{ "a signal pending for the thread", "pending", pending_thread, NULL,
	  0 },
	{ "a signal pending for the process", "pending", pending_process,
	  NULL, 0 },
	{ "40 queued real-time signals", "pending", pending_queue, NULL, 0 },
	{ "500 queued real-time signals", "pending", pending_many, NULL, 0 },
	{ "signals pending for thread and process", "pending", pending_both,
	  NULL, 0 },
	{ "pending signals of all origins", "pending", pending_codes, NULL,
	  0 },
	{ "the signal of a timer, pending", NULL, pending_timer, NULL, 0 },
	{ "the signal of a false timer, pending", NULL, pending_forged_timer,
	  NULL, 0 },
	{ "SIGALRM of an interval timer, pending", "pending", pending_alarm,
	  NULL, 0 },
	{ "an ignored signal, sent while blocked", "signal.handlers",
	  pending_ignored, NULL, 0 },
	{ "signals ignored", "signal.handlers", ignore_some, NULL, 0 },
	{ "signals handled", NULL, handle_some, NULL, 0 },
	{ "an alternate stack", NULL, alternate_stack, NULL, 0 },
	{ "interval timers running", "itimer.0", interval_timers, NULL, 0 },
};

const struct scenario_list scenarios_of_signals = SCENARIO_LIST(list);
