/* SPDX-License-Identifier: MIT */
/*
 * What is between cx_before_clone() and cx_after_clone() runs beside no exec:
 * an exec of another thread waits for it, also one that is foreseen to fail,
 * and begins with what the region has done.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "asleep.h"
#include "frozen.h"
#include "tap.h"

static atomic_int execer, has_begun, is_over;

/* Changes the directory when the exec waits for us. */
static void *region(void *arg)
{
	int tid;

	cx_before_clone();
	atomic_store(&has_begun, 1);
	while (!(tid = atomic_load(&execer)) || !asleep_in_futex(tid))
		usleep(1000);
	if (chdir("/tmp"))
		_exit(90);
	atomic_store(&is_over, 1);
	cx_after_clone();
	return arg;
}

static void begin(enum cx_strategy s)
{
	pthread_t t;

	alarm(20);
	cx_set_timeout(600000);
	cx_set_strategy(s);
	if (chdir("/usr") || pthread_create(&t, NULL, region, NULL))
		_exit(91);
	pthread_detach(t);
	while (!atomic_load(&has_begun))
		usleep(1000);
	atomic_store(&execer, (int)syscall(SYS_gettid));
}

static void exec_after(enum cx_strategy s)
{
	begin(s);
	cx_execl("/bin/sh", "sh", "-c", "test \"$(pwd -P)\" = /tmp",
		 (char *)NULL);
	_exit(92);
}

/* The errno is nothing; that it has waited is. */
static void fail_after(enum cx_strategy s)
{
	begin(s);
	cx_execl("/nowhere", "x", (char *)NULL);
	_exit(errno == ENOENT && atomic_load(&is_over) ? 0 : 93);
}

static void each(void (*exec)(enum cx_strategy))
{
	enum cx_strategy s;
	int status;
	pid_t pid;

	for (s = CX_AUTO; s <= CX_LOCK; s++) {
		pid = fork();
		check(pid >= 0, "fork: %s", strerror(errno));
		if (pid == 0)
			exec(s);
		check(waitpid(pid, &status, 0) == pid && status == 0,
		      "%s: status %#x", strategy_name(s), status);
	}
}

static void succeeds(void) { each(exec_after); }
static void fails(void) { each(fail_after); }

int main(void)
{
	static const struct tap_case cases[] = {
		{ "an exec begins with what the region has done", succeeds,
		  60 },
		{ "one that is foreseen to fail waits for it, too", fails,
		  60 },
	};

	return tap_main(cases);
}
