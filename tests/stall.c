/* SPDX-License-Identifier: MIT */
#include "stall.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static void put(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0700);

	check(fd >= 0 && write(fd, text, strlen(text)) > 0, "%s: %s", path,
	      strerror(errno));
	close(fd);
}

void stall_open(struct stall *s)
{
	char text[128];
	sigset_t io;

	snprintf(s->dir, sizeof s->dir, "/tmp/clonexec-stall-XXXXXX");
	check(mkdtemp(s->dir), "mkdtemp: %s", strerror(errno));
	snprintf(s->script, sizeof s->script, "%s/s", s->dir);
	snprintf(s->interpreter, sizeof s->interpreter, "%s/i", s->dir);
	snprintf(text, sizeof text, "#!%s\n", s->interpreter);
	put(s->script, text);
	put(s->interpreter, "not a program");

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	sigprocmask(SIG_BLOCK, &io, NULL);
	/* Read-only: open for writing, the exec would end in ETXTBSY. */
	s->lease = open(s->interpreter, O_RDONLY | O_CLOEXEC);
	check(s->lease >= 0 && fcntl(s->lease, F_SETLEASE, F_WRLCK) == 0,
	      "no lease: %s", strerror(errno));
}

void stall_wait(struct stall *s)
{
	struct timespec limit = { 10, 0 };
	sigset_t io;

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	check(sigtimedwait(&io, NULL, &limit) == SIGIO,
	      "the exec of %s did not get that far", s->script);
}

void stall_release(struct stall *s)
{
	check(fcntl(s->lease, F_SETLEASE, F_UNLCK) == 0, "F_UNLCK: %s",
	      strerror(errno));
	close(s->lease);
}

void stall_close(struct stall *s)
{
	unlink(s->script);
	unlink(s->interpreter);
	rmdir(s->dir);
}
