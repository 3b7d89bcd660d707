/* SPDX-License-Identifier: MIT */
/*
 * A program as an administrator has it: it starts sudo from a process with
 * threads, 20 times, and says how often that worked.  Each time a thread is
 * just being created, and stays so for 20 ms (freezer.c, loaded as a plugin):
 * without that it would be one time in some hundred.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMES = 20 };

_Noreturn static void start_sudo(int out)
{
	char *const words[] = { "sudo", "-n", "id", "-u", NULL };
	extern char **environ;

	dup2(out, 1);
	if (dlopen("/usr/local/lib/freezer.so", RTLD_NOW))
		execve("/usr/bin/sudo", words, environ);
	_exit(1);
}

/* Whether sudo could do what it is for. */
static int run_once(void)
{
	char said[16] = "";
	int ends[2];
	pid_t pid;

	if (pipe(ends))
		return 0;
	pid = fork();
	if (pid == 0)
		start_sudo(ends[1]);
	close(ends[1]);
	if (read(ends[0], said, sizeof(said) - 1) < 0)
		said[0] = '\0';
	close(ends[0]);
	return pid > 0 && waitpid(pid, NULL, 0) == pid && !strcmp(said, "0\n");
}

int main(void)
{
	int i, worked = 0;

	for (i = 0; i < TIMES; i++)
		worked += run_once();
	printf("sudo worked %d of %d times\n", worked, TIMES);
	return 0;
}
