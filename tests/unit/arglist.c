/* SPDX-License-Identifier: MIT */
/* execl and its friends: every argument, and the environment behind them. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "tap.h"

static int status_of(int which)
{
	static char *const env[] = { (char *)"X=7", NULL };
	const char *script = "test $# = 9 && test $9 = i && exit ${X-1}";
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		setenv("X", "8", 1);
		if (which == 0)
			cx_execle("/bin/sh", "sh", "-c", script, "sh", "a",
				  "b", "c", "d", "e", "f", "g", "h", "i",
				  (char *)NULL, env);
		else if (which == 1)
			cx_execl("/bin/sh", "sh", "-c", script, "sh", "a",
				 "b", "c", "d", "e", "f", "g", "h", "i",
				 (char *)NULL);
		else
			cx_execlp("sh", "sh", "-c", script, "sh", "a", "b",
				  "c", "d", "e", "f", "g", "h", "i",
				  (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void execle_environment(void)
{
	int status = status_of(0);

	check(status == 7, "exit status %d", status);
}

static void execl_own_environment(void)
{
	int status = status_of(1);

	check(status == 8, "exit status %d", status);
}

static void execlp_own_environment(void)
{
	int status = status_of(2);

	check(status == 8, "exit status %d", status);
}

static const struct tap_case cases[] = {
	{ "execle: nine arguments and its environment", execle_environment, 0 },
	{ "execl: nine arguments", execl_own_environment, 0 },
	{ "execlp: nine arguments", execlp_own_environment, 0 },
};

int main(void)
{
	return tap_main(cases);
}
