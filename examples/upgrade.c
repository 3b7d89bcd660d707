/* SPDX-License-Identifier: MIT */
/*
 * A server that replaces itself by its new version on SIGHUP, without closing
 * its socket: that is inherited, and its number is in LISTEN_FD.  Its threads
 * need not be stopped for that: with cx_execv none of them can make the new
 * version start without the privileges that its file grants.
 *
 *	upgrade		prints its generation, serves until SIGTERM
 */
#include <clonexec.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void *serve(void *arg)
{
	int connection, listener = *(int *)arg;

	while ((connection = accept(listener, NULL, NULL)) >= 0)
		close(connection);
	return NULL;
}

static int listener_from_environment(void)
{
	const char *text = getenv("LISTEN_FD");
	int fd;

	if (text)
		return atoi(text);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	return fd < 0 || listen(fd, 16) != 0 ? -1 : fd;
}

int main(int argc, char **argv)
{
	int listener = listener_from_environment(), signal;
	char text[16];
	pthread_t thread;
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (listener < 0 ||
	    cx_pthread_create(&thread, NULL, serve, &listener) != 0)
		return 1;
	printf("%s, listening on %d\n", argc ? argv[0] : "?", listener);
	fflush(stdout);
	while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) {
		snprintf(text, sizeof(text), "%d", listener);
		setenv("LISTEN_FD", text, 1);
		cx_execv("./upgrade", argv);
		perror("upgrade"); /* the old version goes on */
	}
	return 0;
}
