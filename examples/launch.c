/* SPDX-License-Identifier: MIT */
/*
 * A launcher: prepares something in threads, then becomes sudo.  With plain
 * execvp sudo may come up as nobody ("must be setuid root") when one of these
 * threads, or a library's, happens to create a thread at that moment.
 *
 *	launch COMMAND [ARGUMENT]...
 */
#include <clonexec.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void *prepare(void *arg)
{
	(void)arg;
	for (;;) /* warm caches, watch a file ... */
		pause();
	return NULL;
}

int main(int argc, char **argv)
{
	char **command = calloc((size_t)argc + 2, sizeof(*command));
	pthread_t thread;
	int i, r;

	if (argc < 2 || !command) {
		fprintf(stderr, "Usage: launch COMMAND [ARGUMENT]...\n");
		return 2;
	}
	r = cx_pthread_create(&thread, NULL, prepare, NULL);
	if (r != 0) {
		errno = r;
		perror("launch");
		return 1;
	}
	command[0] = "sudo";
	for (i = 1; i < argc; i++)
		command[i] = argv[i];
	cx_execvp("sudo", command);
	r = errno == ENOENT ? 127 : 126;
	perror("launch: sudo");
	return r;
}
