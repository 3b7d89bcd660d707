/* SPDX-License-Identifier: MIT */
/*
 * Every system call of ours made to fail, alone and in pairs.  The frozen
 * race is won wherever a means of protection is left; an exec works always;
 * one that fails does so with the errno of execve, and leaves the caller as
 * it was; and nothing hangs.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "frozen.h"
#include "kernel.h"
#include "inject.h"
#include "tap.h"

static unsigned int tried;

struct pair {
	const struct fault *a, *b;
	unsigned int takes;
};

/* In a process of its own, for a filter stays. */
static void in_child(const struct pair *p, void (*run)(const struct pair *))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(60);
		inject(p->a, p->b);
		run(p);
		_exit(0);
	}
	check(waitpid(pid, &status, 0) == pid && status == 0,
	      "%s + %s: status %#x", p->a->name, p->b ? p->b->name : "nothing",
	      (unsigned int)status);
	tried++;
}

static void for_each(void (*run)(const struct pair *), int in_pairs)
{
	unsigned int i, j;

	tap_need_root();
	for (i = 0; i < fault_count; i++)
		for (j = i + 1; j <= fault_count; j++) {
			struct pair p = { &faults[i], NULL, faults[i].takes };

			if (j < fault_count) {
				p.b = &faults[j];
				p.takes |= p.b->takes;
			}
			if ((p.b != NULL) == in_pairs)
				in_child(&p, run);
		}
	tap_note("%u combinations", tried);
}

/* ---- The frozen race ---- */

/* /proc tells of a filter, whatever that filter says. */
static int is_hidden(const struct pair *p)
{
	return (p->takes & HIDES) && (p->takes & NO_PROC);
}

static int can_unshare(const struct pair *p)
{
	return !(p->takes & NO_UNSHARE) &&
	       (is_hidden(p) || !(p->takes & NO_TRIAL));
}

static int can_help(const struct pair *p)
{
	/* No child tells what a filter does. */
	return !(p->takes & NO_HELPER) &&
	       (is_hidden(p) || !(p->takes & NO_TRIAL)) &&
	       !((p->takes & NO_PENDING) && (p->takes & NO_PROC));
}

static void race(const struct pair *p, enum cx_strategy s, int guarded,
		 int is_safe)
{
	struct frozen_way way = { .strategy = s };
	struct race_result r = frozen_run(TARGET_SETUID, &way, guarded);

	check(r.verdict == TARGET_KEPT ||
		      (!is_safe && r.verdict == TARGET_LOST),
	      "%s + %s, %s: %s (status %#x, error %s)", p->a->name,
	      p->b ? p->b->name : "nothing", strategy_name(s),
	      target_verdict_name(r.verdict), (unsigned int)r.status,
	      strerror(-r.error));
}

static void races(const struct pair *p)
{
	race(p, CX_AUTO, 0, can_unshare(p) || can_help(p));
	race(p, CX_UNSHARE, 0, can_unshare(p));
	race(p, CX_HELPER, 0, can_help(p));
	if (!(p->takes & NO_WAIT))
		race(p, CX_LOCK, 1, 1);
}

static void races_alone(void)
{
	struct frozen_way plain = { .plain = 1 };
	struct race_result r;

	frozen_need_named_targets();
	r = frozen_run(TARGET_SETUID, &plain, 0);
	check(r.verdict == kernel_plain(), "the control: %s",
	      target_verdict_name(r.verdict));
	for_each(races, 0);
}

static void races_in_pairs(void)
{
	frozen_need_named_targets();
	for_each(races, 1);
}

/* ---- Failing execs ---- */

static char garbage[] = "/tmp/clonexec-fault-XXXXXX";

static void *chdir_when_asked(void *arg)
{
	pthread_barrier_t *gates = arg;

	for (;;) {
		pthread_barrier_wait(&gates[0]);
		if (chdir("/usr"))
			_exit(90);
		pthread_barrier_wait(&gates[1]);
	}
	return NULL;
}

/* All of the caller that an exec has a hand in. */
struct caller_state {
	unsigned long mask, pending;
	int slack, death_signal, policy, fds;
	mode_t umask;
	char cwd[64];
};

static struct caller_state look(void)
{
	struct caller_state s;
	int fd;

	memset(&s, 0, sizeof s);
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &s.mask, 8);
	syscall(SYS_rt_sigpending, &s.pending, 8);
	s.slack = prctl(PR_GET_TIMERSLACK);
	prctl(PR_GET_PDEATHSIG, &s.death_signal);
	s.policy = (int)syscall(SYS_sched_getscheduler, 0);
	s.umask = umask(0);
	umask(s.umask);
	check(getcwd(s.cwd, sizeof s.cwd) != NULL, "getcwd");
	for (fd = 0; fd < 256; fd++)
		s.fds += fcntl(fd, F_GETFD) >= 0;
	return s;
}

static void queue_to_me(int sig, int value)
{
	siginfo_t info;

	memset(&info, 0, sizeof info);
	info.si_code = SI_QUEUE;
	info.si_value.sival_int = value;
	syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), sig, &info);
}

/* Where the call is not made to fail. */
static int take_queued(void)
{
	struct timespec at_once = { 0, 0 };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 4);
	return sigtimedwait(&set, &info, &at_once) > 0
		       ? info.si_value.sival_int : -1;
}

static void expect_failure(const struct pair *p, const char *path, int error)
{
	struct cx_status status = { .size = sizeof status };
	struct caller_state before = look(), after;

	errno = 0;
	check(cx_execl(path, "x", (char *)NULL) == -1 && errno == error,
	      "%s + %s: %s: \"%s\", not \"%s\"", p->a->name,
	      p->b ? p->b->name : "nothing", path, strerror(errno),
	      strerror(error));
	after = look();
	check(memcmp(&before, &after, sizeof before) == 0,
	      "%s + %s, %s: the caller is not as it was: mask %lx %lx, "
	      "pending %lx %lx, slack %d %d, death signal %d %d, fds %d %d",
	      p->a->name, p->b ? p->b->name : "nothing", path, before.mask,
	      after.mask, before.pending, after.pending, before.slack,
	      after.slack, before.death_signal, after.death_signal,
	      before.fds, after.fds);
	check(cx_status(&status) == 0, "cx_status");
}

static void fail_in_all_ways(const struct pair *p, enum cx_strategy s)
{
	struct cx_status status = { .size = sizeof status };
	pthread_barrier_t gates[2];
	char cwd[64];
	pthread_t t;
	sigset_t set;
	int i;

	check(chdir("/") == 0, "chdir");
	cx_set_strategy(s);
	cx_set_timeout(5000);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 4);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_barrier_init(&gates[0], NULL, 2);
	pthread_barrier_init(&gates[1], NULL, 2);
	check(pthread_create(&t, NULL, chdir_when_asked, gates) == 0,
	      "thread");
	prctl(PR_SET_TIMERSLACK, 77777);
	prctl(PR_SET_PDEATHSIG, SIGUSR2);
	for (i = 0; i < 3; i++)
		queue_to_me(SIGRTMIN + 4, 10 + i);
	syscall(SYS_tgkill, getpid(), gettid(), SIGUSR1);
	expect_failure(p, "/nowhere", ENOENT);
	expect_failure(p, "/usr", EACCES);
	expect_failure(p, garbage, ENOEXEC);
	if (take_queued() == 10)
		for (i = 1; i < 3; i++)
			check(take_queued() == 10 + i, "%s: signal %d",
			      p->a->name, i);
	check(cx_status(&status) == 0, "cx_status");
	pthread_barrier_wait(&gates[0]);
	pthread_barrier_wait(&gates[1]);
	check(getcwd(cwd, sizeof cwd) &&
		      (strcmp(cwd, "/usr") != 0) == status.fs_private,
	      "%s + %s: in %s, private %d", p->a->name,
	      p->b ? p->b->name : "nothing", cwd, status.fs_private);
	check(!status.fs_private || s == CX_AUTO || s == CX_UNSHARE,
	      "%s: the caller's fs was made private",
	      strategy_name(s));
	/* And then one that works. */
	signal(SIGUSR1, SIG_IGN);
	cx_execl("/bin/sh", "sh", "-c", "exit 42", (char *)NULL);
	_exit(91);
}

static void failures(const struct pair *p)
{
	enum cx_strategy s;
	int status;
	pid_t pid;

	for (s = CX_AUTO; s <= CX_LOCK; s++) {
		pid = fork();
		if (pid == 0)
			fail_in_all_ways(p, s);
		check(waitpid(pid, &status, 0) == pid && status == 42 << 8,
		      "%s + %s, %s: status %#x", p->a->name,
		      p->b ? p->b->name : "nothing", strategy_name(s),
		      (unsigned int)status);
	}
}

static void run_failures(int in_pairs)
{
	int fd = mkstemp(garbage);

	check(fd >= 0 && write(fd, "\1\2", 2) == 2 && fchmod(fd, 0755) == 0,
	      "%s: %s", garbage, strerror(errno));
	close(fd);
	for_each(failures, in_pairs);
	unlink(garbage);
}

static void failures_alone(void) { run_failures(0); }
static void failures_in_pairs(void) { run_failures(1); }

int main(void)
{
	static const struct tap_case cases[] = {
		{ "the race is won by what is left", races_alone, 120 },
		{ "also with two faults at once", races_in_pairs, 300 },
		{ "failing execs: errno and caller are right",
		  failures_alone, 120 },
		{ "also with two faults at once", failures_in_pairs, 300 },
	};

	return tap_main(cases);
}
