/* SPDX-License-Identifier: MIT */
/*
 * Valgrind 3.19 kills a process that makes the helper's clone, so there the
 * lock takes its place.  (A program of its own, for valgrind does not run
 * what a sanitizer has built and cannot read clang's debug information.)
 */
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "storms/storm.h"
#include "tap.h"

/* Told by this program, run by valgrind as its own argument. */
static const char *self;

static void valgrind(void)
{
	int status;
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		dup2(open("/dev/null", O_WRONLY), 2);
		execlp("valgrind", "valgrind", "-q", self, "--in-force",
		       (char *)NULL);
		_exit(77);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		tap_skip("no valgrind");
	check(WIFEXITED(status) && WEXITSTATUS(status) == 42, "status %#x",
	      status);
}

/* 42: the lock is in force where the helper was asked for, and exec works. */
static int tell_in_force(void)
{
	struct cx_status s = { .size = sizeof s };
	pthread_t t;

	pthread_create(&t, NULL, storm_sleep, NULL);
	cx_set_strategy(CX_HELPER);
	if (cx_status(&s) || s.in_force != CX_LOCK)
		return 1;
	storm_exec_ok();
	return 2;
}

int main(int argc, char **argv)
{
	static const struct tap_case cases[] = {
		{ "on valgrind: the lock is in force, and exec works",
		  valgrind, 60 },
	};

	if (argc > 1 && strcmp(argv[1], "--in-force") == 0)
		return tell_in_force();
	self = argv[0];
	return tap_main(cases);
}
