/* SPDX-License-Identifier: MIT */
#include "observer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "watcher.h"

enum { START_MS = 10000, LINE = 4096 };

/* Up to the newline, which is cut off. */
static int read_line(int fd, int limit_ms, char *line, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	long long end = clock_ms() + limit_ms, left;
	size_t used = 0;
	ssize_t n;

	while ((left = end - clock_ms()) > 0 && used < size - 1) {
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		n = read(fd, line + used, 1);
		if (n == 0 || (n < 0 && errno != EINTR))
			break;
		if (n > 0 && line[used++] == '\n') {
			line[used - 1] = '\0';
			return 0;
		}
	}
	line[used] = '\0';
	return -ENODATA;
}

_Noreturn static void become_watcher(const char *path, int out, int err)
{
	char of_whom[16];

	snprintf(of_whom, sizeof(of_whom), "%d", (int)getppid());
	if (dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0)
		_exit(1);
	execl(path, "watch", "--json", "--count", "1", "--duration", "60",
	      "--pid", of_whom, (char *)NULL);
	_exit(1);
}

static int spawn(struct observer *o, const char *path)
{
	int out[2], err[2];

	if (pipe2(out, O_CLOEXEC))
		return -errno;
	if (pipe2(err, O_CLOEXEC)) {
		close(out[0]);
		close(out[1]);
		return -EMFILE;
	}
	o->pid = fork();
	if (o->pid == 0)
		become_watcher(path, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	o->out = out[0];
	o->err = err[0];
	return 0;
}

int observer_start(struct observer *o, char *why, size_t size)
{
	struct located found = { .why = "" };
	char line[256];
	const char *said;
	int error = watcher_find(&found);

	if (error) {
		snprintf(why, size, "clonexec watch %s%s",
			 error == -EPERM ? "is not trusted: " : "was not built",
			 error == -EPERM ? found.why : "");
		return error;
	}
	if (spawn(o, found.path) || o->pid < 0) {
		snprintf(why, size, "clonexec watch could not be started");
		return -EAGAIN;
	}
	if (read_line(o->err, START_MS, line, sizeof(line)) == 0 &&
	    strstr(line, "watching"))
		return 0;
	said = strstr(line, "watch: ");
	snprintf(why, size, "%s", said ? said + 7 : "clonexec watch failed");
	observer_end(o);
	return -EPERM;
}

/* The number behind a key of our own JSON; 0 if there is none. */
static long long number(const char *line, const char *key)
{
	char pattern[32];
	const char *at;

	snprintf(pattern, sizeof(pattern), "\"%s\": ", key);
	at = strstr(line, pattern);
	return at ? strtoll(at + strlen(pattern), NULL, 10) : 0;
}

int observer_read(struct observer *o, int limit_ms, int *pid,
		  struct timeline_kernel *k)
{
	char line[LINE], *times;
	int error = read_line(o->out, limit_ms, line, sizeof(line));

	if (error || !strstr(line, "\"event\": \"loss\""))
		return error ? error : -ENODATA;
	times = strstr(line, "\"monotonic\"");
	if (!times)
		return -ENODATA;
	*pid = (int)number(line, "pid");
	k->prepare = number(times, "prepare");
	k->creation = number(times, "creation");
	k->exec = number(times, "exec");
	k->completed = strstr(line, "\"completed\"") != NULL;
	k->threads = (int)number(line, "threads");
	k->users = (int)number(line, "fs_users");
	return 0;
}

void observer_end(struct observer *o)
{
	kill(o->pid, SIGKILL);
	while (waitpid(o->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(o->out);
	close(o->err);
}
