/* SPDX-License-Identifier: MIT */
#include "storm.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frozen.h"
#include "tap.h"

enum { PERIOD_US = 50 };

char *const storm_sh[] = { (char *)"sh", (char *)"-c", (char *)"exit 42",
			   NULL };
char storm_garbage[64];

void storm_exec_ok(void)
{
	cx_execv("/bin/sh", storm_sh);
}

void storm_make_garbage(void)
{
	int fd;

	snprintf(storm_garbage, sizeof storm_garbage,
		 "/tmp/clonexec-storm-XXXXXX");
	fd = mkstemp(storm_garbage);
	check(fd >= 0 && write(fd, "\1\2", 2) == 2 && fchmod(fd, 0755) == 0,
	      "%s: %s", storm_garbage, strerror(errno));
	close(fd);
}

void storm_remove_garbage(void)
{
	unlink(storm_garbage);
}

void storm_exec_fails(const char *path, int error)
{
	char *const argv[] = { (char *)"x", NULL };
	int saved = errno;

	errno = 0;
	if (cx_execv(path, argv) != -1 || errno != error)
		_exit(100 + errno % 100);
	errno = saved;
}

void storm_thread(void *(*run)(void *), void *arg)
{
	pthread_t t;

	if (pthread_create(&t, NULL, run, arg))
		_exit(99);
}

void *storm_sleep(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static pid_t start(void (*fn)(void), enum cx_strategy s)
{
	pid_t pid = fork();

	if (pid == 0) {
		alarm(60); /* should the case be ended before it */
		cx_set_strategy(s);
		fn();
		_exit(98);
	}
	return pid;
}

static void end(pid_t pid, int status, enum cx_strategy s)
{
	check(pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == STORM_OK,
	      "%s: status %#x", strategy_name(s),
	      (unsigned int)status);
}

void storm_each(void (*fn)(void), int except)
{
	enum cx_strategy s;
	int status;
	pid_t pid;

	for (s = CX_AUTO; s <= CX_LOCK; s++) {
		if ((int)s == except)
			continue;
		pid = start(fn, s);
		waitpid(pid, &status, 0);
		end(pid, status, s);
	}
}

void storm_each_under_fire(void (*fn)(void), int sig, int except)
{
	enum cx_strategy s;
	int status;
	pid_t pid;

	for (s = CX_AUTO; s <= CX_LOCK; s++) {
		if ((int)s == except)
			continue;
		pid = start(fn, s);
		while (waitpid(pid, &status, WNOHANG) == 0) {
			kill(pid, sig);
			if (sig == SIGSTOP)
				kill(pid, SIGCONT);
			usleep(PERIOD_US);
		}
		end(pid, status, s);
	}
}
