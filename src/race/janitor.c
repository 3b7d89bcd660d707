/* SPDX-License-Identifier: MIT */
#include "janitor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Nobody else's pipe may wait for its end because the janitor holds it. */
static void close_all_but(int keep)
{
	long fd, limit = sysconf(_SC_OPEN_MAX);

	if (limit < 0 || limit > 4096)
		limit = 4096;
	for (fd = 0; fd < limit; fd++)
		if (fd != keep)
			close((int)fd);
}

/* In a session of its own: ^C and a killed process group pass it by. */
static void work(const char *dir, const char *const names[], int count,
		 int fd)
{
	int i, dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char byte;

	while (read(fd, &byte, 1) < 0 && errno == EINTR)
		;
	for (i = 0; i < count; i++)
		unlinkat(dirfd, names[i], 0);
	_exit(rmdir(dir) ? 1 : 0);
}

int janitor_start(const char *dir, const char *const names[], int count,
		  pid_t *janitor, int *fd)
{
	sigset_t all, old;
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	/* From its first instruction on no signal but SIGKILL ends it. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	*janitor = fork();
	error = *janitor < 0 ? -errno : 0;
	if (*janitor != 0)
		sigprocmask(SIG_SETMASK, &old, NULL);
	if (error) {
		close(ends[0]);
		close(ends[1]);
		return error;
	}
	if (*janitor == 0) {
		setsid();
		close_all_but(ends[0]);
		work(dir, names, count, ends[0]);
	}
	close(ends[0]);
	*fd = ends[1];
	return 0;
}

void janitor_finish(pid_t janitor, int fd)
{
	close(fd);
	while (waitpid(janitor, NULL, 0) < 0 && errno == EINTR)
		;
}
