/* SPDX-License-Identifier: MIT */
/*
 * What libc's own functions do not read, nobody may read for them: an
 * environment that is not readable, or another thread's at the moment.
 *
 *	environs array|string|beside|replaced execve|thread|ids
 *	environs once		ids are changed, then the strings cannot be
 *				read any more, then they are changed again
 *	environs title		a daemon's: the first environment is overwritten
 *				and a copy in use; executes env
 *	environs moved		the same, but the strings alone are a copy, in
 *				the array that the kernel has made; then ids are
 *				changed as well, which reads the variables once
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <threads.h>
#include <unistd.h>

extern char **environ;

static char *const args[] = { "true", NULL };
static char *const none[] = { NULL };

static int idle(void *arg)
{
	for (;;)
		pause();
	return arg != NULL;
}

static void *nothing(void *arg)
{
	return arg;
}

/* libc writes the string's address into the array that the kernel has made. */
static void replace(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *plugin = mmap(NULL, page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (plugin == MAP_FAILED || !getenv("REPLACED"))
		exit(2);
	strcpy(plugin, "REPLACED=by a plugin");
	if (putenv(plugin) || munmap(plugin, page))
		exit(2);
}

/* A string that went with its plugin, or an array that is being moved. */
static void spoil(const char *how)
{
	static char *strings[] = { (char *)8, NULL };
	thrd_t t;

	if (!strcmp(how, "replaced")) {
		replace();
		return;
	}
	/* By a function that no preload sees. */
	if (!strcmp(how, "beside") && thrd_create(&t, idle, NULL))
		exit(2);
	environ = strcmp(how, "string") ? (char **)8 : strings;
}

static int call(const char *what)
{
	pthread_t t;

	if (!strcmp(what, "execve"))
		return execve("/bin/true", args, none);
	if (!strcmp(what, "ids"))
		return seteuid(geteuid());
	return pthread_create(&t, NULL, nothing, NULL);
}

/* The whole pages of a large environment, which are of nothing else. */
static int once(void)
{
	long page = sysconf(_SC_PAGESIZE);
	size_t n = 0;
	char *from = (char *)(((size_t)environ[0] + page - 1) & -page), *to;

	while (environ[n])
		n++;
	to = (char *)((size_t)environ[n - 1] & -page);
	if (to <= from || seteuid(geteuid()) ||
	    mprotect(from, to - from, PROT_NONE))
		return 2;
	return seteuid(geteuid()) ? 1 : 0;
}

static int title(int moved)
{
	char **copy = moved ? environ : calloc(1000, sizeof(char *));
	char *old;
	size_t i;

	for (i = 0; environ[i] && i < 999; i++) {
		old = environ[i];
		copy[i] = strdup(old);
		memset(old, 'x', strlen(old));
	}
	environ = copy;
	if (moved && seteuid(geteuid()))
		return 1;
	return execl("/usr/bin/env", "env", (char *)NULL);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "title"))
		return title(0);
	if (argc == 2 && !strcmp(argv[1], "moved"))
		return title(1);
	if (argc == 2 && !strcmp(argv[1], "once"))
		_exit(once());
	if (argc != 3)
		return 2;
	spoil(argv[1]);
	/* (exit flushes, and may call what getenv is for.) */
	_exit(call(argv[2]) ? 1 : 0);
}
