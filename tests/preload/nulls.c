/* SPDX-License-Identifier: MIT */
/*
 * Each function of the exec family with NULL for each of its pointers, alone
 * and with a second thread, and what came of it.  (By pointers that nobody
 * can see through: the compiler believes what unistd.h says of them.)
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *const args[] = { (char *)"x", NULL };
static char *const env[] = { (char *)"A=b", NULL };

static int (*volatile fexecve_)(int, char *const *, char *const *) = fexecve;
static int (*volatile execve_)(const char *, char *const *,
			       char *const *) = execve;
static int (*volatile execv_)(const char *, char *const *) = execv;
static int (*volatile execvp_)(const char *, char *const *) = execvp;
static int (*volatile execvpe_)(const char *, char *const *,
				char *const *) = execvpe;
static int (*volatile execl_)(const char *, const char *, ...) = execl;
static int (*volatile execlp_)(const char *, const char *, ...) = execlp;
static int (*volatile execle_)(const char *, const char *, ...) = execle;

static void call(int what)
{
	int fd = open("/bin/true", O_RDONLY | O_CLOEXEC);

	switch (what) {
	case 0: fexecve_(fd, NULL, env); break;
	case 1: fexecve_(fd, args, NULL); break;
	case 2: fexecve_(fd, NULL, NULL); break;
	case 3: fexecve_(-1, args, env); break;
	case 4: execve_(NULL, args, env); break;
	case 5: execve_("/bin/true", args, NULL); break;
	case 6: execv_(NULL, args); break;
	case 7: execvp_("/nowhere/x", NULL); break;
	case 8: execvpe_("/nowhere/x", NULL, env); break;
	case 9: execvpe_("true", args, NULL); break;
	case 10: execl_(NULL, "x", (char *)NULL); break;
	case 11: execl_("/nowhere/x", (char *)NULL); break;
	case 12: execlp_("/nowhere/x", (char *)NULL); break;
	case 13: execle_("/nowhere/x", (char *)NULL, NULL); break;
	case 14: execle_("/bin/true", "x", (char *)NULL, NULL); break;
	case 15: execve_((char *)1, args, env); break;
	case 16: execve_("/bin/true", (char *const *)1, env); break;
	case 17: execve_("/bin/true", args, (char *const *)1); break;
	default: _exit(99);
	}
	printf("%d: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(0);
}

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

int main(void)
{
	int what, threads, status;
	pthread_t t;
	pid_t pid;

	for (threads = 0; threads < 2; threads++)
		for (what = 0; what < 18; what++) {
			fflush(stdout);
			pid = fork();
			if (pid == 0) {
				if (threads)
					pthread_create(&t, NULL, idle, NULL);
				call(what);
			}
			waitpid(pid, &status, 0);
			printf("%d, %d: status %#x\n", threads, what, status);
		}
	return 0;
}
