/* SPDX-License-Identifier: MIT */
#include "steps.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

enum { MOST = 10000, NO_TRACE = 99 };

static pid_t start(int (*work)(void *arg), void *arg)
{
	pid_t pid = fork();

	check(pid >= 0, "fork: %s", strerror(errno));
	if (pid > 0)
		return pid;
	if (ptrace(PTRACE_TRACEME, 0, 0, 0))
		_exit(NO_TRACE);
	raise(SIGSTOP);
	_exit(work(arg));
}

static int is_call(int status)
{
	return WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80);
}

/* A signal is passed on, our own stops are not. */
static int next(pid_t pid, int *status)
{
	int signal = WIFSTOPPED(*status) && !is_call(*status) &&
		     WSTOPSIG(*status) != SIGSTOP ? WSTOPSIG(*status) : 0;

	if (ptrace(PTRACE_SYSCALL, pid, 0, (long)signal))
		check(errno == ESRCH, "ptrace: %s", strerror(errno));
	check(waitpid(pid, status, __WALL) == pid, "waitpid: %s",
	      strerror(errno));
	return WIFSTOPPED(*status);
}

int steps_run(int (*work)(void *arg), void *arg, int at, steps_hook *hook,
	      void *hook_arg, int *status)
{
	pid_t pid = start(work, arg);
	int steps = 0, inside = 0;

	check(waitpid(pid, status, __WALL) == pid, "waitpid: %s",
	      strerror(errno));
	if (WIFEXITED(*status) && WEXITSTATUS(*status) == NO_TRACE)
		tap_skip("processes cannot be traced here");
	check(!ptrace(PTRACE_SETOPTIONS, pid, 0,
		      PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL),
	      "ptrace: %s", strerror(errno));
	while (steps < MOST && next(pid, status)) {
		if (!is_call(*status))
			continue;
		inside = !inside;
		if (inside && ++steps == at)
			hook(pid, hook_arg);
	}
	check(steps < MOST, "no end after %d system calls", steps);
	return steps;
}
