/* SPDX-License-Identifier: MIT */
/*
 * The helper thread, where a filter like Docker's makes auto take it: each
 * state of a process in which it must not be taken, so that the lock is; and
 * signals that come while it works.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "filter.h"
#include "frozen.h"
#include "tap.h"

static char *const sh_ok[] = { (char *)"sh", (char *)"-c",
			       (char *)"exit 42", NULL };

static void *sleep_forever(void *arg)
{
	pause();
	return arg;
}

static void second_thread(void)
{
	pthread_t t;

	check(pthread_create(&t, NULL, sleep_forever, NULL) == 0, "thread");
}

static void expect_in_force(enum cx_strategy want, const char *what)
{
	struct cx_status s = { .size = sizeof s };

	check(cx_status(&s) == 0, "cx_status: %s", strerror(errno));
	check(s.in_force == want && !s.alone && !s.fs_private,
	      "%s: %s in force, not %s", what,
	      strategy_name(s.in_force), strategy_name(want));
}

/*
 * In a child: first the helper is in force (the control), then `change`
 * happens, then it is the lock, and an exec works all the same.
 */
static void expect_lock(int (*change)(void), void (*beside)(pid_t))
{
	int ready[2], go[2], status, error;
	pid_t pid;
	char c = 0;

	tap_need_root();
	check(pipe(ready) == 0 && pipe(go) == 0, "pipe");
	pid = fork();
	if (pid == 0) {
		filter_like_docker();
		second_thread();
		expect_in_force(CX_HELPER, "the control");
		if (write(ready[1], "r", 1) != 1 || read(go[0], &c, 1) != 1)
			_exit(3);
		error = change ? change() : 0;
		if (error)
			_exit(100 + error % 100);
		expect_in_force(CX_LOCK, "changed");
		cx_execv("/bin/sh", sh_ok);
		_exit(4);
	}
	close(ready[1]);
	check(read(ready[0], &c, 1) == 1, "the control failed");
	if (beside)
		beside(pid);
	check(write(go[1], "g", 1) == 1, "write");
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, pid, NULL,
		       WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status));
	if (WIFEXITED(status) && WEXITSTATUS(status) >= 100)
		tap_absent("not possible here: %s",
			   strerror(WEXITSTATUS(status) - 100));
	check(WIFEXITED(status) && WEXITSTATUS(status) == 42, "status %#x",
	      status);
}

/* ---- Not eligible ---- */

static void seize(pid_t pid)
{
	check(ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0, "PTRACE_SEIZE: %s",
	      strerror(errno));
}

static void traced(void)
{
	expect_lock(NULL, seize);
}

static int be_deadline(void)
{
	struct {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} attr = { 48, 6, 0, 0, 0, 1000000, 100000000, 100000000 };

	return syscall(SYS_sched_setattr, 0, &attr, 0) ? errno : 0;
}

static void deadline(void)
{
	expect_lock(be_deadline, NULL);
}

static int be_reset(void)
{
	struct sched_param param = { .sched_priority = 1 };

	/* (musl's own answers ENOSYS.) */
	if (syscall(SYS_sched_setscheduler, 0,
		    SCHED_FIFO | SCHED_RESET_ON_FORK, &param))
		return errno;
	return syscall(SYS_setresuid, 1000, 1000, 1000) ? errno : 0;
}

static void reset_on_fork(void)
{
	expect_lock(be_reset, NULL);
}

/* sched_getattr refused: the flag is found by the older call. */
static int be_reset_unseen(void)
{
	struct sched_param param = { .sched_priority = 0 };

	filter_refuse(SYS_sched_getattr, ENOSYS);
	expect_in_force(CX_HELPER, "nothing to lose");
	return syscall(SYS_sched_setscheduler, 0,
		       SCHED_OTHER | SCHED_RESET_ON_FORK, &param) ? errno : 0;
}

static void reset_unseen(void)
{
	expect_lock(be_reset_unseen, NULL);
}

/* The second thread is made first: afterwards it could not be. */
static void expect_lock_in_namespace(int flag)
{
	int status;
	pid_t pid;

	tap_need_root();
	pid = fork();
	if (pid == 0) {
		second_thread();
		cx_set_strategy(CX_HELPER);
		expect_in_force(CX_HELPER, "the control");
		if (unshare(flag))
			_exit(77);
		expect_in_force(CX_LOCK, "new namespace for children");
		cx_execv("/bin/sh", sh_ok);
		_exit(4);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		tap_skip("no such namespace here");
	check(WIFEXITED(status) && WEXITSTATUS(status) == 42, "status %#x",
	      status);
}

static void pid_namespace(void)
{
	expect_lock_in_namespace(CLONE_NEWPID);
}

/* ---- Signals meanwhile ---- */

static struct seen {
	atomic_int here, elsewhere;
} *seen;
static pid_t here;
static int window_fd;
static sigjmp_buf back;

static void note_thread(int sig)
{
	(void)sig;
	atomic_fetch_add(syscall(SYS_gettid) == here ? &seen->here
						     : &seen->elsewhere, 1);
}

/* Sends the signal in the window, once: all is blocked, the clone waits.  The
   clone before is a child's, in which it is tried whether there can be one. */
static void *open_window(void *arg)
{
	unsigned long long id;

	while (filter_wait_pid(window_fd, &id) != here)
		filter_continue(window_fd, id);
	kill(getpid(), *(int *)arg);
	for (;;) {
		filter_continue(window_fd, id);
		id = filter_wait(window_fd);
	}
	return NULL;
}

_Noreturn static void exec_with(int sig, void (*handler)(int))
{
	pthread_t t;
	sigset_t set;

	window_fd = filter_stop_helper();
	cx_set_strategy(CX_HELPER);
	/* The process's signals are for this thread alone. */
	sigfillset(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	here = (pid_t)syscall(SYS_gettid);
	check(pthread_create(&t, NULL, open_window, &sig) == 0, "thread");
	signal(sig, handler);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	sigsetjmp(back, 1);
	cx_execv("/bin/sh", sh_ok);
	_exit(4);
}

static int status_with(int sig, void (*handler)(int))
{
	int status;
	pid_t pid;

	seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(seen != MAP_FAILED, "mmap: %s", strerror(errno));
	tap_need_root();
	pid = fork();
	if (pid == 0)
		exec_with(sig, handler);
	check(waitpid(pid, &status, WUNTRACED) == pid, "waitpid");
	if (WIFSTOPPED(status)) {
		kill(pid, SIGCONT);
		check(waitpid(pid, &status, 0) == pid, "waitpid");
	}
	return status;
}

/*
 * Signals for the process that come while the helper gets ready are handled
 * by the thread that called, before it execs.
 */
static void handled_at_home(void)
{
	int status = status_with(SIGUSR1, note_thread);

	check(status == 42 << 8, "status %#x", (unsigned int)status);
	check(atomic_load(&seen->here) == 1 &&
		      atomic_load(&seen->elsewhere) == 0,
	      "handled %d times here, %d on the helper",
	      atomic_load(&seen->here), atomic_load(&seen->elsewhere));
}

static void ended(void)
{
	int status = status_with(SIGTERM, SIG_DFL);

	check(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM,
	      "status %#x", (unsigned int)status);
}

static void killed(void)
{
	int status = status_with(SIGKILL, SIG_DFL);

	check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
	      "status %#x", (unsigned int)status);
}

static void jump(int sig)
{
	siglongjmp(back, sig);
}

/* Out of an exec on the right thread, and into the next. */
static void jumped(void)
{
	int status = status_with(SIGUSR1, jump);

	check(status == 42 << 8, "status %#x", (unsigned int)status);
}

static void stopped(void)
{
	int status = status_with(SIGSTOP, SIG_DFL);

	check(status == 42 << 8, "status %#x", (unsigned int)status);
}

/* ---- What notices that the calling thread ends ---- */

static int is_exact(void)
{
	struct cx_status s = { .size = sizeof s };

	check(cx_status(&s) == 0 && s.in_force == CX_HELPER, "no helper");
	return s.exact;
}

/* Told what it can know: children, also those that no plain wait shows, and
   tracees; and it says nothing of what other threads have. */
static void exactness(void)
{
	int status;
	pid_t pid;

	cx_set_strategy(CX_HELPER);
	second_thread();
	check(is_exact(), "there is no child");
	pid = (pid_t)syscall(SYS_clone, 0, 0, 0, 0, 0);
	if (pid == 0)
		for (;;)
			pause();
	check(!is_exact(), "a child without SIGCHLD is not seen");
	kill(pid, SIGKILL);
	waitpid(pid, &status, __WALL);
	check(is_exact(), "it has been waited for");
	pid = fork();
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	check(!is_exact(), "a tracee is not seen");
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	check(is_exact(), "it has ended");
	cx_set_strategy(CX_UNSHARE);
	pid = fork();
	if (pid == 0)
		for (;;)
			pause();
	{
		struct cx_status s = { .size = sizeof s };

		check(cx_status(&s) == 0 && s.exact, "unshare harms nobody");
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

/* A child with a parent-death signal that answers as long as it lives. */
static void be_mortal(int ready, int ask, int answer)
{
	char c;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(ready, "r", 1) != 1)
		_exit(1);
	while (read(ask, &c, 1) == 1 && write(answer, &c, 1) == 1)
		;
	_exit(0);
}

/* Execs a program that says so and lives until it is told to end. */
static void exec_beside(enum cx_strategy strategy, int said, int end)
{
	struct cx_status s = { .size = sizeof s };

	cx_set_strategy(strategy);
	second_thread();
	if (cx_status(&s) || write(said, s.exact ? "e" : "n", 1) != 1)
		_exit(3);
	said = fcntl(said, F_DUPFD_CLOEXEC, 20);
	end = fcntl(end, F_DUPFD_CLOEXEC, 20);
	dup2(said, 9);
	dup2(end, 8);
	cx_execl("/bin/sh", "sh", "-c", "printf s >&9; read -r x <&8; exit 7",
		 (char *)NULL);
	_exit(4);
}

/* Whether the child outlives its parent's exec. */
static int outlives(enum cx_strategy strategy, int *exact)
{
	int ready[2], said[2], end[2], ask[2], answer[2], status, lives;
	pid_t pid;
	char c;

	check(pipe2(ready, O_CLOEXEC) == 0 && pipe2(said, O_CLOEXEC) == 0 &&
		      pipe2(end, O_CLOEXEC) == 0 &&
		      pipe2(ask, O_CLOEXEC) == 0 &&
		      pipe2(answer, O_CLOEXEC) == 0,
	      "pipe");
	pid = fork();
	if (pid == 0) {
		if (fork() == 0)
			be_mortal(ready[1], ask[0], answer[1]);
		if (read(ready[0], &c, 1) == 1)
			exec_beside(strategy, said[1], end[0]);
		_exit(5);
	}
	close(answer[1]);
	check(read(said[0], &c, 1) == 1, "no word of the status");
	*exact = c == 'e';
	check(read(said[0], &c, 1) == 1 && c == 's', "no word of the program");
	lives = write(ask[1], "?", 1) == 1 && read(answer[0], &c, 1) == 1;
	check(write(end[1], "\n", 1) == 1, "end");
	check(waitpid(pid, &status, 0) == pid && status == 7 << 8,
	      "status %#x", (unsigned int)status);
	return lives;
}

static void death_signal(void)
{
	int exact;

	check(outlives(CX_UNSHARE, &exact) && exact,
	      "the control: under unshare the child was killed");
	check(!outlives(CX_HELPER, &exact),
	      "under the helper the child was not killed: say so");
	check(!exact, "cx_status() does not tell of the child");
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "traced: lock", traced, 0 },
		{ "SCHED_DEADLINE: lock", deadline, 0 },
		{ "a policy that could not be taken back: lock", reset_on_fork,
		  0 },
		{ "a policy that cannot be seen: lock", reset_unseen, 0 },
		{ "a new pid namespace for children: lock", pid_namespace, 0 },
		{ "a signal that comes meanwhile is handled by the caller",
		  handled_at_home, 0 },
		{ "SIGTERM that comes meanwhile ends the process", ended, 0 },
		{ "SIGKILL, too", killed, 0 },
		{ "SIGSTOP stops it until SIGCONT", stopped, 0 },
		{ "a handler that jumps out of the exec, which is repeated",
		  jumped, 0 },
		{ "cx_status() tells of children and tracees", exactness, 0 },
		{ "a child with a parent-death signal gets it, and cx_status() "
		  "told", death_signal, 0 },
	};

	return tap_main(cases);
}
