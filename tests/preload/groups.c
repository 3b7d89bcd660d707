/* SPDX-License-Identifier: MIT */
/*
 * initgroups(3) while the directory of groups is slow: an exec in another
 * thread does not wait for it.  Prints the groups, and "waited" if it did.
 * With SLOWGROUPS, a file that is /etc/group here, the directory stands still:
 * a thread that opens it waits for the end of a lease.
 */
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *init(void *arg)
{
	if (initgroups("root", 7))
		perror("initgroups");
	return arg;
}

/* What the lock waits for at most is two seconds. */
static int waited(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - from->tv_sec >= 2;
}

/* Returns the descriptor that has the lease; SIGIO says that somebody waits. */
static int take_lease(const char *file)
{
	int fd = open(file, O_RDWR);

	if (fd < 0 || fcntl(fd, F_SETLEASE, F_WRLCK)) {
		perror(file);
		exit(1);
	}
	return fd;
}

static void print_groups(void)
{
	gid_t groups[64];
	int i, n = getgroups(64, groups);

	for (i = 0; i < n; i++)
		printf("%d ", (int)groups[i]);
	printf("\n");
	fflush(stdout);
}

/* In a process of its own.  1: the exec waited. */
static int exec_beside(const char *slow, int is_last)
{
	char *args[] = { (char *)"x", NULL };
	struct timespec t;
	pthread_t thread;
	int fd = -1, sig, r;
	sigset_t io;

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	pthread_sigmask(SIG_BLOCK, &io, NULL);
	if (slow)
		fd = take_lease(slow);
	pthread_create(&thread, NULL, init, NULL);
	if (slow)
		sigwait(&io, &sig);
	clock_gettime(CLOCK_MONOTONIC, &t);
	execv("/nowhere", args);
	r = waited(&t);
	if (slow)
		close(fd);
	pthread_join(thread, NULL);
	if (is_last)
		print_groups();
	return r;
}

int main(void)
{
	int i, status, all = 0;
	pid_t pid;

	/* A busy machine may be slow once, but not each time. */
	for (i = 0; i < 5; i++) {
		pid = fork();
		if (pid == 0)
			_exit(exec_beside(getenv("SLOWGROUPS"), i == 4));
		if (pid < 0 || waitpid(pid, &status, 0) != pid ||
		    !WIFEXITED(status))
			return 1;
		all += WEXITSTATUS(status);
	}
	puts(all == 5 ? "waited" : "did not wait");
	return 0;
}
