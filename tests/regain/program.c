/* SPDX-License-Identifier: MIT */
/*
 * A set-id program as its author would write it: cx_regain() first.  Says the
 * target's line (src/race/target/program.c), " = " and what the call said, and
 * after " | " all that a second try might have changed.
 *
 * Usage: program MODE...
 *	plain	does not call it
 *	regain	calls it
 *	again	executes itself by the name of the second try, as somebody
 *		would who wants to fool the guard, and then is "regain"
 *	empty	calls it without arguments
 *	thread	calls it when there is another thread
 *	aside	calls it when it has put its privileges aside for now
 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <clonexec.h>

static void say_privileges(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct d[2];
	uid_t u[3];
	gid_t g[3];

	memset(d, 0, sizeof(d));
	getresuid(&u[0], &u[1], &u[2]);
	getresgid(&g[0], &g[1], &g[2]);
	syscall(SYS_capget, &header, d);
	printf("%u %u %u %u %u %u %llx %llx %lu", u[0], u[1], u[2], g[0], g[1],
	       g[2], d[0].permitted | (unsigned long long)d[1].permitted << 32,
	       d[0].effective | (unsigned long long)d[1].effective << 32,
	       getauxval(AT_SECURE));
}

/* musl and glibc before 2.32 have no strerrorname_np(). */
static const char *errno_name(void)
{
	switch (errno) {
	case ENOTTY:
		return "untouched";
	case EPERM:
		return "EPERM";
	case EINVAL:
		return "EINVAL";
	case ENOENT:
		return "ENOENT";
	default:
		return strerror(errno);
	}
}

static void say_answer(int answer)
{
	struct stat st;

	if (fstat(PROGRAM_STARTS, &st))
		st.st_size = -1;
	printf(" = %d %s %d", answer, errno_name(), (int)st.st_size);
}

static void say_rest(int argc, char *argv[])
{
	const char *value = getenv("REGAIN");
	char comm[16] = "";
	int fd, open_fds = 0;
	sigset_t blocked;

	prctl(PR_GET_NAME, comm, 0, 0, 0);
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (fd = 0; fd < 256; fd++)
		open_fds += fcntl(fd, F_GETFD) >= 0;
	printf(" | %d %s %s %s %s %d %o %d\n", argc, argv[0],
	       argc > 2 ? argv[2] : "-", value ? value : "-", comm,
	       sigismember(&blocked, SIGUSR2), umask(0), open_fds);
}

static void *sleep_on(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static int call(const char *mode, int argc, char *argv[])
{
	char *nothing[] = { NULL };
	pthread_t t;

	errno = ENOTTY;
	if (!strcmp(mode, "plain"))
		return 0;
	if (!strcmp(mode, "empty"))
		return cx_regain(1, nothing) == -1 ? cx_regain(0, argv) : 0;
	if (!strcmp(mode, "aside") && seteuid(getuid()))
		exit(3);
	if (!strcmp(mode, "thread") &&
	    pthread_create(&t, NULL, sleep_on, NULL))
		exit(3);
	return cx_regain(argc, argv);
}

int main(int argc, char *argv[])
{
	char regain[] = "regain";
	int answer;

	if (argc < 2 || write(PROGRAM_STARTS, "", 1) != 1)
		return 2;
	if (!strcmp(argv[1], "again")) {
		argv[1] = regain;
		syscall(SYS_execveat, open("/proc", O_PATH | O_CLOEXEC),
			"self/./exe", argv, environ, 0);
		return 3;
	}
	answer = call(argv[1], argc, argv);
	say_privileges();
	say_answer(answer);
	say_rest(argc, argv);
	return 0;
}
