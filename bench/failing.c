/* SPDX-License-Identifier: MIT */
/*
 * Execs that fail.  A sample:
 *
 *	plain|auto|unshare|helper|lock CASE COUNT FILE
 *
 * answers the nanoseconds of one, in a process with one other thread.  CASE:
 * missing (a name that is not there), denied, format (ENOEXEC, of FILE: not
 * to be foreseen), search (20 directories in the path, none has it) or first
 * (missing, in a process that has just started, and in it also the first
 * touch of a page and its MADV_WIPEONFORK: what a first use of the lock does).
 */
#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "serve.h"
#include "strategynames.h"

static char *const args[] = { (char *)"x", NULL };
static char *const no_env[] = { NULL };

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

/* ---- The first in its process ---- */

static int first(const char *means)
{
	static char pages[3 * 4096] __attribute__((aligned(4096)));
	double begin, exec, touch, mark;
	pthread_t t;

	if (pthread_create(&t, NULL, idle, NULL) != 0)
		return 1;
	if (strategy_of(means) >= 0)
		cx_set_strategy((enum cx_strategy)strategy_of(means));
	begin = serve_now_ns(); /* the clock itself is warm now */
	begin = serve_now_ns();
	if (strategy_of(means) >= 0)
		cx_execve("/usr/lib/no-such-file", args, no_env);
	else
		execve("/usr/lib/no-such-file", args, no_env);
	exec = serve_now_ns() - begin;
	begin = serve_now_ns();
	((volatile char *)pages)[4096] = 1;
	touch = serve_now_ns() - begin;
	begin = serve_now_ns();
	madvise(pages + 4096, 4096, MADV_WIPEONFORK);
	mark = serve_now_ns() - begin;
	printf("%.0f %.0f %.0f\n", exec, touch, mark);
	return 0;
}

static int sample_first(char *means)
{
	char self[] = "/proc/self/exe", word[] = "first";
	char *argv[] = { self, word, means, NULL };
	int status;
	pid_t pid;

	serve_pin(1);
	return posix_spawn(&pid, self, NULL, NULL, argv, environ) == 0 &&
	       waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
}

/* ---- Many in one process ---- */

static int sample(char **words)
{
	int plain = strcmp(words[0], "plain") == 0, n = atoi(words[2]), i;
	int search = strcmp(words[1], "search") == 0, expected, r = 0;
	const char *file = "/usr/lib/no-such-file";
	double begin;

	expected = ENOENT;
	if (strcmp(words[1], "denied") == 0) {
		file = "/etc/passwd";
		expected = EACCES;
	} else if (strcmp(words[1], "format") == 0) {
		file = words[3];
		expected = ENOEXEC;
	}
	if (n < 1 || (!plain && strategy_of(words[0]) < 0))
		return -1;
	if (strcmp(words[1], "first") == 0)
		return sample_first(words[0]);
	if (!plain)
		cx_set_strategy((enum cx_strategy)strategy_of(words[0]));
	serve_pin(1);
	begin = serve_now_ns();
	for (i = 0; i < n; i++) {
		if (search)
			r = plain ? execvp("no-such-file", args)
				  : cx_execvp("no-such-file", args);
		else
			r = plain ? execve(file, args, no_env)
				  : cx_execve(file, args, no_env);
	}
	printf("%.1f\n", (serve_now_ns() - begin) / n);
	return r == -1 && errno == expected ? 0 : -1;
}

int main(int argc, char **argv)
{
	static char path[2048];
	pthread_t t;
	int i;

	if (argc == 3 && strcmp(argv[1], "first") == 0)
		return first(argv[2]);
	for (i = 0; i < 20; i++)
		strcat(path, i ? ":/usr/lib/no-such-directory"
			       : "/usr/lib/no-such-directory");
	setenv("PATH", path, 1);
	if (pthread_create(&t, NULL, idle, NULL) != 0)
		return 1;
	return serve(sample);
}
