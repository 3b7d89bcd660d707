/* SPDX-License-Identifier: MIT */
/* All that may go on in a process beside an exec. */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "soak.h"

enum { RAW_STACK = 16384, PAUSE_US = 100 };

struct creators {
	int guarded;
	atomic_int *stop;
};

static int goes_on(const struct creators *c)
{
	return !c->stop || !atomic_load(c->stop);
}

static void count_creation(int error)
{
	if (error == 0) {
		atomic_fetch_add(&soak->created, 1);
		return;
	}
	atomic_fetch_add(error == EAGAIN ? &soak->eagain : &soak->other, 1);
	usleep(PAUSE_US);
}

/* ---- Threads that libc does not know ---- */

static int nothing(void *arg)
{
	return arg != NULL;
}

static void *create_raw(void *arg)
{
	const struct creators *c = arg;
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
		    CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID |
		    CLONE_CHILD_CLEARTID;
	char *stack = malloc(RAW_STACK);
	volatile int tid;
	int value;

	while (stack && goes_on(c)) {
		/* Both ways to guard it, by turns; or neither. */
		tid = 0;
		if (c->guarded)
			value = cx_clone(nothing, stack + RAW_STACK, flags,
					 NULL, &tid, NULL, &tid);
		else
			value = clone(nothing, stack + RAW_STACK, flags, NULL,
				      &tid, NULL, &tid);
		count_creation(value < 0 ? errno : 0);
		while (value >= 0 && (value = tid) != 0)
			syscall(SYS_futex, &tid, FUTEX_WAIT, value, NULL, NULL,
				0);
	}
	free(stack);
	return NULL;
}

static void *end_at_once(void *arg)
{
	return arg;
}

static void *create_threads(void *arg)
{
	const struct creators *c = arg;
	pthread_attr_t attr;
	pthread_t t;
	int error;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	while (goes_on(c)) {
		error = c->guarded ? cx_pthread_create(&t, &attr, end_at_once,
						       NULL)
				   : pthread_create(&t, &attr, end_at_once,
						    NULL);
		count_creation(error);
		if (!error)
			pthread_join(t, NULL);
	}
	return NULL;
}

static void count_timer(union sigval value)
{
	(void)value;
	atomic_fetch_add(&soak->created, 1);
}

/* libc makes a thread for each expiry; it tells nobody if it cannot. */
static int start_timer(void)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD,
		.sigev_notify_function = count_timer,
	};
	struct itimerspec every = { { 0, 200000 }, { 0, 200000 } };
	timer_t timer;

	return timer_create(CLOCK_MONOTONIC, &event, &timer) ||
	       timer_settime(timer, 0, &every, NULL);
}

/* ---- Processes ---- */

static char *const true_argv[] = { (char *)"true", NULL };

static void expect_child(pid_t pid)
{
	int status;

	if (pid > 0 && waitpid(pid, &status, 0) == pid && status == 0)
		atomic_fetch_add(&soak->children, 1);
	else
		atomic_fetch_add(&soak->wrong_children, 1);
}

static pid_t start_child(unsigned int n)
{
	pid_t pid;

	if (n % 3 == 2)
		return posix_spawn(&pid, "/bin/true", NULL, NULL, true_argv,
				   environ) ? -1 : pid;
	pid = n % 3 ? vfork() : fork();
	if (pid == 0) {
		cx_execv("/bin/true", true_argv);
		_exit(1);
	}
	return pid;
}

static void *fork_by_turns(void *arg)
{
	const struct creators *c = arg;
	unsigned int n;

	for (n = 0; goes_on(c); n++)
		expect_child(start_child(n));
	return NULL;
}

/* ---- Signals, and what is made of them ---- */

static void count_signal(int sig)
{
	if (sig == SIGURG)
		atomic_fetch_add(&soak->signals, 1);
}

/* One that is ignored where there is no handler: it may reach the new
   program. */
static void *send_signals(void *arg)
{
	const struct creators *c = arg;

	while (goes_on(c)) {
		kill(getpid(), SIGURG);
		usleep(PAUSE_US);
	}
	return NULL;
}

static void *change_ids(void *arg)
{
	const struct creators *c = arg;

	while (goes_on(c)) {
		cx_before_clone();
		if (setreuid((uid_t)-1, (uid_t)-1))
			atomic_fetch_add(&soak->other, 1);
		cx_after_clone();
		usleep(PAUSE_US);
	}
	return NULL;
}

/* ---- Execs that fail ---- */

void creators_fail(unsigned int n)
{
	char *const argv[] = { (char *)"x", NULL };
	int error, want;

	errno = 0;
	switch (n % 6) {
	case 0:
		want = ENOENT;
		cx_execv("/nowhere", argv);
		break;
	case 1:
		want = EACCES;
		cx_execv("/etc/passwd", argv);
		break;
	case 2:
		want = ENOENT;
		cx_execvp("clonexec-no-such-program", argv);
		break;
	case 3:
		want = EFAULT;
		cx_execv((const char *)8, argv);
		break;
	case 4:
		want = EBADF;
		cx_execveat(-1, "x", argv, environ, 0);
		break;
	default:
		want = ENOEXEC;
		cx_execv(soak_garbage, argv);
	}
	error = errno;
	atomic_fetch_add(&soak->failed_execs, 1);
	/* (A racer's stdout is its target's.) */
	if (error != want && atomic_fetch_add(&soak->wrong_errno, 1) < 10)
		dprintf(STDERR_FILENO, "soak: failing exec %u: %s, not %s\n",
			n % 6, strerror(error), strerror(want));
}

/* ---- */

static int start(void *(*fn)(void *), struct creators *c, int blocked,
		 pthread_t *threads, int *count)
{
	sigset_t all, old;
	pthread_t t;
	int error;

	sigfillset(&all);
	if (blocked)
		pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&t, NULL, fn, c);
	if (blocked)
		pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!error && threads)
		threads[(*count)++] = t;
	return error;
}

int creators_start(unsigned int beside, int guarded, atomic_int *stop,
		   pthread_t *threads, int *count)
{
	static struct creators c;
	unsigned int n;
	int error = 0;

	c.guarded = guarded;
	c.stop = stop;
	if (beside & BESIDE_SIGNALS) {
		struct sigaction sa = { .sa_handler = count_signal,
					.sa_flags = SA_RESTART };

		sigaction(SIGURG, &sa, NULL);
		error |= start(send_signals, &c, 0, threads, count);
	}
	/* A raw thread has no TLS of its own: no handlers on it. */
	if (beside & BESIDE_RAW)
		error |= start(create_raw, &c, 1, threads, count);
	if (beside & BESIDE_FORKS)
		error |= start(fork_by_turns, &c, 0, threads, count);
	if (beside & BESIDE_SETXID)
		error |= start(change_ids, &c, 0, threads, count);
	if (beside & BESIDE_TIMER)
		error |= start_timer();
	if (stop)
		error |= start(create_threads, &c, 0, threads, count);
	for (n = 0; (beside & BESIDE_FAILURES) && n < 6; n++)
		creators_fail(n);
	return error ? -1 : 0;
}
