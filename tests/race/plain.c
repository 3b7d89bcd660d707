/* SPDX-License-Identifier: MIT */
/*
 * P6: a process with one thread gets plain execve.  A tracer lists the
 * system calls from a marker to the exec: one question (two calls), the exec,
 * nothing else; and nothing is changed for a process that shares its fs with
 * another process on purpose.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "filter.h"
#include "frozen.h"
#include "tap.h"
#include "sys.h"

/* Younger CPUs have no open. */
#ifdef SYS_open
#define MUSL_OPEN_CALL SYS_open
#else
#define MUSL_OPEN_CALL SYS_openat
#endif

static char *const args[] = { (char *)"true", NULL };

/* What a call of ours does between the two getppid()s, or to its exec. */
struct trace {
	long nr[64];
	int count;
};

static void trace_child(pid_t pid, struct trace *t)
{
	struct __ptrace_syscall_info info;
	int status, on = 0;

	waitpid(pid, &status, 0);
	ptrace(PTRACE_SETOPTIONS, pid, NULL,
	       PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	while (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0 &&
	       waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) <=
			    0 ||
		    info.op != PTRACE_SYSCALL_INFO_ENTRY)
			continue;
		if (info.entry.nr == SYS_getppid) {
			on = !on;
			if (!on)
				break;
			continue;
		}
		if (!on || t->count == 64)
			continue;
		t->nr[t->count] = (long)info.entry.nr;
		t->count++;
		if (info.entry.nr == SYS_execve ||
		    info.entry.nr == SYS_execveat)
			break;
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

/* `n` calls and no other. */
static void expect_calls(void (*call)(void), const long *want, int n)
{
	struct trace t = { .count = 0 };
	pid_t pid = fork();
	int i;

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		syscall(SYS_getppid);
		call();
		syscall(SYS_getppid);
		_exit(1);
	}
	trace_child(pid, &t);
	check(t.count == n, "%d system calls", t.count);
	for (i = 0; i < n; i++)
		check(t.nr[i] == want[i], "call %d is number %ld", i, t.nr[i]);
}

static void expect_plain(void (*call)(void))
{
	/* What the libc starts programs by: startcalls.h. */
#if !defined(__GLIBC__) && __SIZEOF_LONG__ == 8
	static const long want[] = { MUSL_OPEN_CALL, SYS_fstat, SYS_close,
				     SYS_execve };
#elif defined(__GLIBC__) && __SIZEOF_LONG__ == 8 && \
	(!__GLIBC_PREREQ(2, 33) || __GLIBC_PREREQ(2, 39))
	static const long want[] = { SYS_openat, SYS_fstat, SYS_close,
				     SYS_execve };
#else
	static const long want[] = { SYS_STAT_CALL, SYS_execve };
#endif

	expect_calls(call, want, sizeof want / sizeof *want);
}

static void call_execve(void)
{
	cx_execve("/bin/true", args, environ);
}

static void call_execve_helper(void)
{
	cx_set_strategy(CX_HELPER);
	cx_execve("/bin/true", args, environ);
}

static void call_failing(void)
{
	cx_execve("/nowhere", args, environ);
}

static void one_thread(void)
{
	expect_plain(call_execve);
	expect_plain(call_execve_helper);
	expect_plain(call_failing);
}

/* A filter might kill for anything that is no part of a program's start. */
static void one_thread_filtered(void)
{
	filter_refuse(SYS_kexec_load, EPERM);
	expect_plain(call_execve);
	expect_plain(call_failing);
}

/* A vfork child of a threaded process is alone as well. */
static void *sleep_forever(void *arg)
{
	pause();
	return arg;
}

static void one_thread_again(void)
{
	struct cx_status s = { .size = sizeof s };
	pthread_t t;
	int i;

	check(cx_status(&s) == 0 && s.alone, "not alone at first");
	check(pthread_create(&t, NULL, sleep_forever, NULL) == 0, "thread");
	check(cx_status(&s) == 0 && !s.alone, "alone with a second thread");
	check(pthread_cancel(t) == 0 && pthread_join(t, NULL) == 0, "join");
	/* The kernel wakes the joiner before it takes the thread from its
	   group. */
	for (i = 0; i < 2000 && cx_status(&s) == 0 && !s.alone; i++)
		usleep(1000);
	check(cx_status(&s) == 0 && s.alone, "not alone again");
}

/*
 * A process that shares its fs with another one loses always, in plain exec
 * and in ours: some programs (Chromium's sandbox) depend on CLONE_FS
 * surviving their exec.
 */
static pid_t sharing_parent;

static int share_for_a_while(void *arg)
{
	int i;

	close(1); /* whose end the parent waits for */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Is the parent gone already?  Then nobody ends us, and we would hold
	   the pipe's end.  (The memory is its own until it has exec'ed.) */
	if (getppid() != sharing_parent)
		_exit(0);
	for (i = 0; i < 500; i++)
		usleep(10000);
	return arg != NULL;
}

static void prepare_sharing(void)
{
	static char stack[65536] __attribute__((aligned(16)));

	sharing_parent = getpid();
	if (clone(share_for_a_while, stack + sizeof stack,
		  CLONE_VM | CLONE_FS | SIGCHLD, NULL) < 0)
		_exit(97);
}

static void shares_on_purpose(void)
{
	struct frozen_way way = { .plain = 1, .prepare = prepare_sharing };
	struct race_result r;

	frozen_need_targets();
	r = frozen_run_with(TARGET_SETUID, &way, 0, RACE_CALM);
	check(r.verdict == TARGET_LOST, "plain: %s",
	      target_verdict_name(r.verdict));
	way.plain = 0;
	r = frozen_run_with(TARGET_SETUID, &way, 0, RACE_CALM);
	check(r.verdict == TARGET_LOST, "ours: %s",
	      target_verdict_name(r.verdict));
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "one thread: one look and the exec", one_thread, 30 },
		{ "one thread under a filter: the same",
		  one_thread_filtered, 30 },
		{ "alone, not alone, alone again", one_thread_again, 30 },
		{ "one thread that shares its fs with a process: untouched",
		  shares_on_purpose, 60 },
	};

	return tap_main(cases);
}
