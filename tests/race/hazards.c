/* SPDX-License-Identifier: MIT */
/*
 * P5: the hazards that hung or corrupted a naive lock, each with the remedy
 * that this one has.  A case that hangs is ended by its limit.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "asleep.h"
#include "frozen.h"
#include "storms/storm.h"
#include "sys.h"
#include "tap.h"

enum { NEVER_MS = 600000 };

/* ---- Exec in a handler of a thread that is itself inside ---- */

static void exec_in_handler(int sig)
{
	if (sig)
		storm_exec_ok();
}

static void interrupted_creator(void)
{
	cx_set_timeout(NEVER_MS);
	storm_thread(storm_sleep, NULL);
	signal(SIGUSR1, exec_in_handler);
	cx_before_clone();
	raise(SIGUSR1);
}

static void handler_inside(void)
{
	storm_each(interrupted_creator, -1);
}

/* The helper may not put anything large on the caller's stack. */
static void small_stack(void)
{
	static char memory[16384];
	stack_t alt = { .ss_sp = memory, .ss_size = sizeof memory };
	struct sigaction sa = { .sa_handler = exec_in_handler,
				.sa_flags = SA_ONSTACK };

	storm_thread(storm_sleep, NULL);
	sigaltstack(&alt, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	raise(SIGUSR1);
}

static void alternate_stack(void)
{
	storm_each(small_stack, -1);
}

/* ---- vfork ---- */

static void expect_shared_and_idle(void)
{
	struct cx_status s = { .size = sizeof s };

	check(cx_status(&s) == 0 && !s.fs_private && !s.alone,
	      "after vfork: private %d, alone %d", s.fs_private, s.alone);
	cx_set_timeout(0);
	cx_set_strategy(CX_LOCK); /* or the hook makes it private itself */
	check(cx_before_exec() == 0, "a vfork child's lock is still held");
	cx_after_exec();
	cx_set_strategy(s.asked);
}

static void vfork_with(const char *path, int expected)
{
	pid_t pid;
	int status;

	cx_set_timeout(NEVER_MS);
	pid = vfork();
	if (pid == 0) {
		cx_execv(path, storm_sh);
		_exit(errno);
	}
	check(waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
		      WEXITSTATUS(status) == expected,
	      "vfork, %s: status %#x", path, status);
	expect_shared_and_idle();
}

static void vfork_children(void)
{
	enum cx_strategy s;
	int i;

	storm_thread(storm_sleep, NULL);
	for (i = 0; i < 2; i++) {
		for (s = CX_AUTO; s <= CX_LOCK; s++) {
			cx_set_strategy(s);
			vfork_with("/bin/sh", STORM_OK);
			vfork_with("/nowhere", ENOENT);
			vfork_with("/dev/null", EACCES);
		}
		/* And again when the lock has been used. */
		cx_before_clone();
		cx_after_clone();
	}
}

static atomic_int creator_tid, creator_came;

static void *create_at_once(void *arg)
{
	atomic_store(&creator_tid, (int)syscall(SYS_gettid));
	cx_before_clone();
	atomic_store(&creator_came, 1);
	cx_after_clone();
	return arg;
}

/* The hooks in a vfork child do nothing: not even to its parent's hold. */
static void vfork_beside_hold(void)
{
	pthread_t t;
	pid_t pid;

	cx_set_timeout(NEVER_MS);
	cx_before_exec();
	pid = vfork();
	if (pid == 0) {
		cx_after_exec();
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	check(pthread_create(&t, NULL, create_at_once, NULL) == 0, "thread");
	while (!atomic_load(&creator_came) &&
	       (!atomic_load(&creator_tid) ||
		!asleep_in_futex(atomic_load(&creator_tid))))
		sched_yield();
	check(!atomic_load(&creator_came), "the child has ended the hold");
	cx_after_exec();
	pthread_join(t, NULL);
}

static void vfork_hooks(void)
{
	pid_t pid;
	int status;

	storm_thread(storm_sleep, NULL);
	vfork_beside_hold();
	cx_set_timeout(NEVER_MS);
	pid = vfork();
	if (pid == 0) {
		if (cx_before_exec())
			_exit(1);
		execv("/bin/sh", storm_sh);
		cx_after_exec();
		_exit(2);
	}
	check(waitpid(pid, &status, 0) == pid &&
	      WEXITSTATUS(status) == STORM_OK, "status %#x", status);
	expect_shared_and_idle();
}

/* ---- Forks while another thread is on either side ---- */

static pthread_barrier_t gate;

static void *stay_inside(void *arg)
{
	cx_before_clone();
	pthread_barrier_wait(&gate);
	return storm_sleep(arg);
}

static void *stay_writer(void *arg)
{
	cx_before_exec();
	pthread_barrier_wait(&gate);
	return storm_sleep(arg);
}

static void fork_beside(void *(*other)(void *), int raw)
{
	pthread_t t;
	pid_t pid;
	int status;

	pthread_barrier_init(&gate, NULL, 2);
	check(pthread_create(&t, NULL, other, NULL) == 0, "thread");
	pthread_barrier_wait(&gate);
	cx_set_timeout(NEVER_MS);
	pid = raw ? (pid_t)sys_fork(SIGCHLD) : fork();
	if (pid == 0) {
		pthread_t mine;

		/* With a thread of its own, so that the lock is taken. */
		if (!raw && cx_pthread_create(&mine, NULL, storm_sleep,
						 NULL))
			_exit(3);
		storm_exec_ok();
		_exit(4);
	}
	check(waitpid(pid, &status, 0) == pid &&
	      WEXITSTATUS(status) == STORM_OK, "status %#x", status);
	_exit(STORM_OK);
}

static void beside_creator(void) { fork_beside(stay_inside, 0); }
static void beside_writer(void) { fork_beside(stay_writer, 0); }
static void raw_beside_creator(void) { fork_beside(stay_inside, 1); }
static void raw_beside_writer(void) { fork_beside(stay_writer, 1); }

static void forks(void)
{
	storm_each(beside_creator, -1);
	storm_each(beside_writer, -1);
	storm_each(raw_beside_creator, -1);
	storm_each(raw_beside_writer, -1);
}

/* ---- Those who never come back ---- */

static sigjmp_buf back;

static void jump(int sig)
{
	siglongjmp(back, sig);
}

static void jumped_creator(void)
{
	pthread_t t;

	cx_set_timeout(20);
	signal(SIGUSR1, jump);
	if (sigsetjmp(back, 1) == 0) {
		cx_before_clone();
		raise(SIGUSR1);
	}
	/* Another creator is not hindered, and the exec goes on. */
	check(cx_pthread_create(&t, NULL, storm_sleep, NULL) == 0, "thread");
	storm_exec_ok();
}

static void stuck_creator(void)
{
	pthread_t t;

	pthread_barrier_init(&gate, NULL, 2);
	check(pthread_create(&t, NULL, stay_inside, NULL) == 0, "thread");
	pthread_barrier_wait(&gate);
	cx_set_timeout(20);
	storm_exec_ok();
}

/* A creator that waits at the closed door, and jumps away from there. */
static atomic_int waiter;

static void *wait_and_jump(void *arg)
{
	signal(SIGUSR1, jump);
	if (sigsetjmp(back, 1) == 0) {
		atomic_store(&waiter, (int)syscall(SYS_gettid));
		cx_before_clone();
	}
	atomic_store(&waiter, -1);
	return storm_sleep(arg);
}

static int is_asleep(int tid)
{
	char path[64], text[16] = "";
	int fd;
	ssize_t n;

	snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	return n > 0 && text[0] != 'r' && atoi(text) == SYS_futex;
}

/* It costs one wait, and not one for each exec from then on. */
static void jumped_waiter(void)
{
	pthread_t t;

	storm_thread(storm_sleep, NULL); /* or the hook does nothing */
	cx_set_timeout(NEVER_MS);
	cx_before_exec();
	check(pthread_create(&t, NULL, wait_and_jump, NULL) == 0, "thread");
	while (atomic_load(&waiter) <= 0 || !is_asleep(atomic_load(&waiter)))
		usleep(1000);
	pthread_kill(t, SIGUSR1);
	while (atomic_load(&waiter) != -1)
		usleep(1000);
	cx_after_exec();
	cx_set_timeout(20);
	cx_before_exec();
	cx_after_exec();
	cx_set_timeout(NEVER_MS);
	storm_exec_ok();
}

/* An exec that hangs (on a dead file system, say) while others create. */
static void stuck_exec(void)
{
	pthread_t t;
	int i;

	pthread_barrier_init(&gate, NULL, 2);
	check(pthread_create(&t, NULL, stay_writer, NULL) == 0, "thread");
	pthread_barrier_wait(&gate);
	cx_set_timeout(20);
	check(cx_pthread_create(&t, NULL, storm_sleep, NULL) == 0, "first");
	cx_set_timeout(NEVER_MS); /* the first one has broken the hold */
	for (i = 0; i < 10; i++)
		check(cx_pthread_create(&t, NULL, storm_sleep, NULL) == 0,
		      "thread");
	cx_set_timeout(20);
	storm_exec_ok();
}

static void never_back(void)
{
	storm_each(jumped_creator, -1);
	storm_each(jumped_waiter, -1);
	storm_each(stuck_creator, -1);
	storm_each(stuck_exec, -1);
}

/* ---- Traces that must not be left ---- */

static void *note_mask(void *arg)
{
	pthread_sigmask(SIG_SETMASK, NULL, arg);
	return arg;
}

/* Signals blocked over a creation would stay blocked in the new thread. */
static void mask_of_thread(void)
{
	sigset_t mine, theirs;
	pthread_t t;
	int sig;

	sigemptyset(&mine);
	sigaddset(&mine, SIGUSR2);
	pthread_sigmask(SIG_SETMASK, &mine, NULL);
	check(cx_pthread_create(&t, NULL, note_mask, &theirs) == 0, "thread");
	pthread_join(t, NULL);
	for (sig = 1; sig < 65; sig++)
		check(sigismember(&mine, sig) == sigismember(&theirs, sig),
		      "signal %d", sig);
}

static int is_locked_for_others(const char *path)
{
	struct flock l = { .l_type = F_WRLCK };
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		int fd = open(path, O_RDWR);

		_exit(fcntl(fd, F_GETLK, &l) == 0 && l.l_type != F_UNLCK);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

/* To look into the file would drop the process's own lock on it. */
static void lock_on_target(void)
{
	char path[] = "/tmp/clonexec-hazards-XXXXXX";
	struct flock l = { .l_type = F_WRLCK };
	int fd = mkstemp(path);

	storm_thread(storm_sleep, NULL);
	check(fd >= 0 && fcntl(fd, F_SETLK, &l) == 0, "F_SETLK: %s",
	      strerror(errno));
	check(is_locked_for_others(path), "the control: no lock");
	cx_execl(path, "x", (char *)NULL); /* EACCES, foreseen */
	check(is_locked_for_others(path), "lost by a foreseen failure");
	fchmod(fd, 0755);
	cx_execl(path, "x", (char *)NULL); /* ETXTBSY, residual */
	check(is_locked_for_others(path), "lost by a residual failure");
	unlink(path);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "exec in a handler that interrupted a guarded creation",
		  handler_inside, 60 },
		{ "exec in a handler on a 16 KB alternate stack",
		  alternate_stack, 60 },
		{ "vfork children leave lock and state alone", vfork_children,
		  60 },
		{ "hooks in a vfork child do nothing", vfork_hooks, 60 },
		{ "fork children, libc's and raw, start free", forks, 60 },
		{ "holders that jump away or hang", never_back, 60 },
		{ "a new thread's signal mask is its creator's",
		  mask_of_thread, 60 },
		{ "fcntl locks on the target survive", lock_on_target, 60 },
	};

	return tap_main(cases);
}
