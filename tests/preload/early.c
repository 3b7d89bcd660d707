/* SPDX-License-Identifier: MIT */
/*
 * Calls what the shim replaces before any constructor has run, and in one.
 * The output must be the same with and without it.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *s)
{
	if (write(1, s, strlen(s)) < 0)
		_exit(2);
}

static void *thread(void *arg)
{
	say("thread\n");
	return arg;
}

static void all(void)
{
	pthread_t t;
	pid_t pid;

	if (syscall(SYS_getpid) == getpid())
		say("syscall\n");
	if (setuid(getuid()) == 0)
		say("setuid\n");
	pid = fork();
	if (pid == 0) {
		execl("/bin/echo", "echo", "execl", (char *)NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
	pid = vfork();
	if (pid == 0) {
		execlp("/bin/echo", "echo", "execlp", (char *)NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
	if (pthread_create(&t, NULL, thread, NULL) == 0)
		pthread_join(t, NULL);
}

static void before_constructors(int argc, char **argv, char **envp)
{
	say("preinit\n");
	all();
}

__attribute__((section(".preinit_array"), used))
static void (*const preinit)(int, char **, char **) = before_constructors;

__attribute__((constructor))
static void constructor(void)
{
	say("constructor\n");
	all();
}

int main(void)
{
	say("main\n");
	all();
	return 0;
}
