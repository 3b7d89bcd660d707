/* SPDX-License-Identifier: MIT */
/*
 * The second bug in the same window: in glibc setuid and its family signal
 * every thread (SIGSETXID, 33), and when that meets an exec the NEW program
 * is killed by it.  The shared side around the call keeps them apart.
 *
 * This race cannot be frozen, so the control repeats until it has seen the
 * death once, and then the guarded form must survive as often.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "tap.h"

/* The signal is glibc's SIGSETXID or musl's SIGSYNCCALL. */
enum { SIGSETXID = 33, SIGSYNCCALL = 34, MAX_RUNS = 20000, MIN_RUNS = 300 };

static int guarded;
static atomic_int calls;

static void *set_ids(void *arg)
{
	uid_t uid = geteuid();

	for (;;) {
		if (guarded)
			cx_before_clone();
		if (setreuid((uid_t)-1, uid))
			_exit(97);
		if (guarded)
			cx_after_clone();
		atomic_fetch_add(&calls, 1);
	}
	return arg;
}

/* 1: the new program was killed by that signal. */
static int run(void)
{
	static char *const argv[] = { (char *)"true", NULL };
	static char *const envp[] = { NULL };
	pid_t pid = fork();
	pthread_t t;
	int status;

	check(pid >= 0, "fork: %s", strerror(errno));
	if (pid == 0) {
		alarm(20);
		cx_set_timeout(600000);
		if (pthread_create(&t, NULL, set_ids, NULL))
			_exit(98);
		while (atomic_load(&calls) < 20)
			;
		if (guarded)
			cx_execve("/bin/true", argv, envp);
		else
			execve("/bin/true", argv, envp);
		_exit(99);
	}
	check(waitpid(pid, &status, 0) == pid, "waitpid");
	if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGSETXID ||
				    WTERMSIG(status) == SIGSYNCCALL))
		return 1;
	check(status == 0, "status %#x", status);
	return 0;
}

static void signal_of_libc(void)
{
	int i, runs, deaths = 0;

	for (runs = 0; runs < MAX_RUNS && (runs < MIN_RUNS || !deaths); runs++)
		deaths += run();
	if (!deaths)
		tap_skip("no program was killed in %d runs of plain execve: "
			 "a libc without that signal", runs);
	tap_note("plain: %d of %d killed by the signal", deaths, runs);
	guarded = 1;
	for (i = 0; i < runs; i++)
		check(run() == 0, "killed by the signal in run %d", i);
	tap_note("guarded: 0 of %d", runs);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "setuid under the shared side never kills the new program",
		  signal_of_libc, 300 },
	};

	return tap_main(cases);
}
