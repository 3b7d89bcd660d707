/* SPDX-License-Identifier: MIT */
/*
 * FUNCTION SIZE: an exec from a handler on an alternate stack of that many
 * bytes, in a process with two threads; below the stack there is nothing.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *function;

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void handler(int sig)
{
	char *args[] = { (char *)"true", NULL };

	(void)sig;
	if (!strcmp(function, "execv"))
		execv("/bin/true", args);
	else if (!strcmp(function, "execve"))
		execve("/bin/true", args, environ);
	else if (!strcmp(function, "execvp"))
		execvp("true", args);
	else if (!strcmp(function, "execl"))
		execl("/bin/true", "true", (char *)NULL);
	else if (!strcmp(function, "missing"))
		_exit(execv("/nowhere", args) != -1);
	_exit(9);
}

static void *fork_and_exec(void *arg)
{
	char *args[] = { (char *)"true", NULL };
	int *status = arg;
	pid_t pid = fork();

	if (pid == 0) {
		execv("/bin/true", args);
		_exit(9);
	}
	waitpid(pid, status, 0);
	return arg;
}

/* A thread whose stack has that size. */
static int forked(size_t size)
{
	pthread_attr_t attr;
	pthread_t t;
	int status = -1;

	pthread_attr_init(&attr);
	if (pthread_attr_setstacksize(&attr, size) ||
	    pthread_create(&t, &attr, fork_and_exec, &status) ||
	    pthread_join(t, NULL))
		return 2;
	return status != 0;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_ONSTACK };
	size_t size = argc > 2 ? (size_t)atol(argv[2]) : 8192;
	size_t whole = (size + 4095) & ~(size_t)4095;
	char *map = mmap(NULL, whole + 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack_t stack = { .ss_sp = map + 4096 + whole - size, .ss_size = size };
	pthread_t t;

	function = argc > 1 ? argv[1] : "";
	if (!strcmp(function, "forked"))
		return forked(size);
	if (map == MAP_FAILED || mprotect(map, 4096, PROT_NONE) ||
	    pthread_create(&t, NULL, idle, NULL) || sigaltstack(&stack, NULL) ||
	    sigaction(SIGUSR1, &sa, NULL))
		return 2;
	raise(SIGUSR1);
	return 8;
}
