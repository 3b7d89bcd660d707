/* SPDX-License-Identifier: MIT */
/*
 * What an exec tells its log: by which means it was done, once, before the
 * system call (after it where that is foreseen to fail).  The file is one that
 * can't be executed, so that the calls come back; the promises themselves are
 * tests/race's.
 */
#include "exec.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filter.h"
#include "tap.h"

/* Raw memory: the log may run on a helper, and in a child of vfork. */
static int told[EXEC_LOCK + 1], inexact;

__attribute__((no_sanitize("address", "thread", "undefined"))) static void
note(const struct cx_attempt *a, enum exec_means means)
{
	told[means]++;
	inexact = a->is_inexact;
}

static char *args[] = { (char *)"none", NULL };
static int file_fd;

static struct cx_attempt attempt(enum cx_strategy strategy)
{
	return (struct cx_attempt){
		.file = "",
		.argv = args,
		.envp = args + 1,
		.strategy = strategy,
		.log = note,
		.is_at = 1,
		.dirfd = file_fd,
		.flags = AT_EMPTY_PATH,
	};
}

/* A file of which the kernel can make nothing, and nothing else. */
static void make_file(void)
{
	file_fd = (int)syscall(SYS_memfd_create, "none", 0);
	if (file_fd < 0)
		tap_absent("no memfd_create");
	check(write(file_fd, "none", 4) == 4, "write");
}

static void *sleeps(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void make_thread(void)
{
	pthread_t t;

	check(pthread_create(&t, NULL, sleeps, NULL) == 0, "no thread");
	pthread_detach(t);
}

static void expect(enum exec_means means, struct cx_attempt *a, int error)
{
	int i, r = cx_exec(a);

	check(r == -error, "answer %d, not %d", r, -error);
	for (i = 0; i <= EXEC_LOCK; i++)
		check(told[i] == (i == (int)means), "means %d: told %d times",
		      i, told[i]);
}

static void expect_strategy(enum cx_strategy strategy, enum exec_means means)
{
	struct cx_attempt a;

	make_file();
	make_thread();
	a = attempt(strategy);
	expect(means, &a, ENOEXEC);
}

static void alone(void)
{
	struct cx_attempt a;

	make_file();
	a = attempt(CX_AUTO);
	expect(EXEC_ALONE, &a, ENOEXEC);
}

static void by_auto(void)
{
	expect_strategy(CX_AUTO, EXEC_UNSHARE);
}
static void by_unshare(void)
{
	expect_strategy(CX_UNSHARE, EXEC_UNSHARE);
}
static void by_lock(void)
{
	expect_strategy(CX_LOCK, EXEC_LOCK);
}

static void by_helper(void)
{
	expect_strategy(CX_HELPER, EXEC_HELPER);
	check(!inexact, "a process without children");
}

/* The new program's parent death signal and its children are what a helper
   can't take over where there are any. */
static void by_helper_with_a_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		sleeps(NULL);
	expect_strategy(CX_HELPER, EXEC_HELPER);
	check(inexact, "a process with a child");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void doomed(void)
{
	struct cx_attempt a = {
		.file = "/no/such/file",
		.argv = args,
		.envp = args + 1,
		.strategy = CX_AUTO,
		.log = note,
	};

	make_thread();
	expect(EXEC_DOOMED, &a, ENOENT);
}

/* ---- Perhaps a child of vfork: a filter, and no /proc to ask ---- */

static void go_blind(void (*filter)(void))
{
	tap_need_root();
	make_file();
	make_thread();
	check(chroot("/bin") == 0 && chdir("/") == 0, "chroot");
	filter();
}

static void any_filter(void)
{
	filter_refuse(SYS_kexec_load, EPERM);
}

static void in_vfork_child(void (*filter)(void))
{
	volatile int before = -1;
	volatile int r = 0;
	int status;
	pid_t pid;

	go_blind(filter);
	pid = vfork();
	if (pid == 0) {
		struct cx_attempt a = attempt(CX_AUTO);

		before = cx_exec_before(CX_AUTO);
		cx_exec_after();
		r = cx_exec(&a);
		_exit(0);
	}
	check(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0,
	      "the child ended with %x", status);
	check(before == 0, "before: %d", before);
	check(r == -ENOEXEC, "answer %d", r);
	check(told[EXEC_MAYBE_VFORK] == 1, "told %d times",
	      told[EXEC_MAYBE_VFORK]);
	check(!cx_exec_fs_is_private(), "the parent believes in its fs");
}

static void vfork_child(void)
{
	in_vfork_child(any_filter);
}
static void docker_vfork_child(void)
{
	in_vfork_child(filter_like_docker);
}

/* The control: the same without vfork is a process with threads, for which the
   lock is right.  (musl gives threads no list of robust mutexes: there the page
   of the lock knows whose memory this is, once it was used.) */
static void blind(void)
{
	struct cx_attempt a;

	make_thread();
	cx_exec_before(CX_LOCK);
	cx_exec_after();
	go_blind(any_filter);
	a = attempt(CX_AUTO);
	expect(EXEC_UNSHARE, &a, ENOEXEC);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "one thread: plain", alone, 10 },
		{ "auto: a fs of its own", by_auto, 10 },
		{ "unshare: the same", by_unshare, 10 },
		{ "helper: the helper", by_helper, 10 },
		{ "helper with a child: not exact, and told so",
		  by_helper_with_a_child, 10 },
		{ "lock: the lock", by_lock, 10 },
		{ "no such file: foreseen", doomed, 10 },
		{ "vfork's child, no /proc: no lock", vfork_child, 10 },
		{ "the same where unshare is refused", docker_vfork_child, 10 },
		{ "no /proc, no vfork: a fs of its own", blind, 10 },
	};

	return tap_main(cases);
}
