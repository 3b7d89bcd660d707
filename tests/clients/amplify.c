/* SPDX-License-Identifier: MIT */
/*
 * Runs a command while the window of the race is held wide open on the whole
 * machine, for programs whose creators can't be frozen.
 *
 *	amplify COMMAND [ARGUMENT]...	77: not on this machine
 *
 * A process of 200 idle threads is moved to and fro between two cgroups.
 * Each move takes cgroup_threadgroup_rwsem for writing, and clone(2) waits
 * for that in cgroup_can_fork(): after copy_fs(), and before the new thread
 * is linked into its group.  19 of 20 unprotected execs lose then.
 *
 * The cgroups are made on a mount of our own in a mount namespace of our own.
 * The mover is the one who removes them, and ends when this process does, in
 * whatever way, or after LIMIT seconds.  Root; cgroup v2.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 200, LIMIT = 150, CANNOT = 77 };

static char top[] = "/tmp/cx-amplify-XXXXXX";
static char groups[2][64];
static int procs[2] = { -1, -1 };

static int set_up(void)
{
	char path[80];
	int i;

	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) || !mkdtemp(top))
		return -1;
	if (mount("cgroup2", top, "cgroup2", 0, NULL) != 0) {
		rmdir(top);
		return -1;
	}
	for (i = 0; i < 2; i++) {
		snprintf(groups[i], sizeof(groups[i]), "%s/cx-%d-%d", top,
			 (int)getpid(), i);
		snprintf(path, sizeof(path), "%s/cgroup.procs", groups[i]);
		mkdir(groups[i], 0755);
		procs[i] = open(path, O_WRONLY | O_CLOEXEC);
	}
	return procs[0] < 0 || procs[1] < 0 ? -1 : 0;
}

/* A cgroup is busy for a moment after its last process has ended. */
static void tear_down(void)
{
	struct timespec pause = { .tv_nsec = 1000000 };
	int i, tries;

	for (i = 0; i < 2; i++)
		for (tries = 0; tries < 2000 && rmdir(groups[i]) != 0 &&
				errno == EBUSY; tries++)
			nanosleep(&pause, NULL);
	if (umount2(top, MNT_DETACH) == 0)
		rmdir(top);
}

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static pid_t start_idler(void)
{
	pid_t pid = fork();
	pthread_attr_t attr;
	pthread_t t;
	int i;

	if (pid != 0)
		return pid;
	alarm(LIMIT + 10);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&t, &attr, idle, NULL) != 0)
			_exit(1);
	idle(NULL);
	_exit(0);
}

/* Until the other end of the line is closed. */
static void move(int line, pid_t pid)
{
	struct pollfd end = { .fd = line, .events = POLLIN };
	time_t limit = time(NULL) + LIMIT;
	char text[16];
	int i = 0, n = snprintf(text, sizeof(text), "%d", (int)pid);

	while (poll(&end, 1, 0) == 0 && time(NULL) < limit) {
		if (write(procs[i], text, (size_t)n) != n)
			return;
		i = !i;
	}
}

static int mover(int line)
{
	pid_t pid;

	/* A ^C for all is not for the one who cleans up. */
	setsid();
	if (set_up() != 0) {
		perror("amplify: cgroup2");
		if (groups[0][0])
			tear_down();
		return CANNOT;
	}
	pid = start_idler();
	if (pid > 0 && write(line, "r", 1) == 1)
		move(line, pid);
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	tear_down();
	return 0;
}

static int run(char **command)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	int line[2], status = CANNOT;
	pid_t pid;
	char word;

	if (argc < 2 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
				   line) != 0)
		return 2;
	pid = fork();
	if (pid == 0) {
		close(line[0]);
		_exit(mover(line[1]));
	}
	close(line[1]);
	if (read(line[0], &word, 1) == 1)
		status = run(argv + 1);
	close(line[0]);
	waitpid(pid, NULL, 0);
	return status;
}
