/* SPDX-License-Identifier: MIT */
/*
 * A program on a terminal that nobody reads: its execs fail, and it ends.
 * stalledpty FILE: FILE cannot be executed.  Exit status 0, or 1 if it hangs:
 * it gets no further, though it is given time as long as it goes on.
 */
#include <errno.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXECS = 3000, PATIENCE = 300 };

static void *idle(void *arg)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	for (;;)
		pause();
	return arg;
}

static void exec_in_vain(const char *file, volatile long *n)
{
	char *const argv[] = { "x", NULL };
	pthread_t t;

	pthread_create(&t, NULL, idle, NULL);
	for (*n = 0; *n < EXECS; ++*n)
		execv(file, argv);
	_exit(0);
}

int main(int argc, char **argv)
{
	volatile long *n = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int master, status, idle_turns = 0;
	long last = -1;
	pid_t pid;

	pid = forkpty(&master, NULL, NULL, NULL);
	if (pid == 0)
		exec_in_vain(argv[1], n);
	while (waitpid(pid, &status, WNOHANG) != pid) {
		idle_turns = *n == last ? idle_turns + 1 : 0;
		last = *n;
		if (idle_turns > PATIENCE) {
			printf("it hangs after %ld execs\n", last);
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return 1;
		}
		usleep(20000);
	}
	return status != 0;
}
