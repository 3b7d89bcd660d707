/* SPDX-License-Identifier: MIT */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exitstatus.h"
#include "text.h"

_Noreturn static void become(int gate, const char *command, char **argv)
{
	ssize_t n;
	char byte;

	while ((n = read(gate, &byte, 1)) < 0 && errno == EINTR)
		;
	if (n != 1) /* nobody is there to watch it */
		_exit(EXIT_OWN_FAILURE);
	execvp(argv[0], argv);
	text_error("%s: %s: %s", command, argv[0], strerror(errno));
	_exit(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

int child_start(struct child *c, const char *command, char **argv)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	c->pid = fork();
	if (c->pid < 0) {
		int error = -errno;

		close(ends[0]);
		close(ends[1]);
		return error;
	}
	if (c->pid == 0) {
		close(ends[1]);
		become(ends[0], command, argv);
	}
	close(ends[0]);
	c->gate = ends[1];
	return 0;
}

int child_release(struct child *c)
{
	ssize_t n = write(c->gate, "", 1);

	close(c->gate);
	return n == 1 ? 0 : -EPIPE;
}

void child_cancel(struct child *c)
{
	kill(c->pid, SIGKILL);
	while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(c->gate);
}

int child_has_ended(struct child *c)
{
	if (!c->ended && waitpid(c->pid, &c->status, WNOHANG) == c->pid)
		c->ended = 1;
	return c->ended;
}

int child_status(const struct child *c)
{
	if (!c->ended)
		return 0;
	return WIFSIGNALED(c->status) ? 128 + WTERMSIG(c->status) :
					WEXITSTATUS(c->status);
}
