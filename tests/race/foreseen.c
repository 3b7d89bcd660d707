/* SPDX-License-Identifier: MIT */
/*
 * Execs that are foreseen to fail leave their thread the shared fs, on any
 * kernel: on this one, and as if it were one that reads an exec's arguments
 * before it looks for the file (Linux 5.9 to 6.7).
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <clonexec.h>

#include "filter.h"
#include "tap.h"

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static int is_private(void)
{
	struct cx_status s = { .size = sizeof s };

	check(cx_status(&s) == 0, "cx_status: %s", strerror(errno));
	return s.fs_private;
}

static void fails(int (*by)(const char *, char *const *), const char *file,
		  int error)
{
	char *const argv[] = { (char *)"x", NULL };

	errno = 0;
	check(by(file, argv) == -1 && errno == error && !is_private(),
	      "%s: %s, private: %d", file, strerror(errno), is_private());
}

static int exec_link(const char *path, char *const *argv)
{
	return cx_execveat(AT_FDCWD, path, argv, environ, AT_SYMLINK_NOFOLLOW);
}

/* What is refused first, the file or the arguments, is the kernel's. */
static char long_string[256 * 1024];

static char *const too_much[] = { (char *)"x", long_string, NULL };

static int exec_too_much(const char *path, char *const *argv)
{
	(void)argv;
	return cx_execv(path, too_much);
}

static int plain_errno(const char *path)
{
	return execv(path, too_much) < 0 ? errno : 0;
}

static void foreseen(void)
{
	char *const argv[] = { (char *)"x", NULL };
	char garbage[] = "/tmp/clonexec-foreseen-XXXXXX";
	char dir[] = "/tmp/clonexec-foreseen-XXXXXX", link[64], path[80];
	int fd = mkstemp(garbage);
	pthread_t t;

	memset(long_string, 'x', sizeof long_string - 1);
	check(fd >= 0 && write(fd, "garbage", 7) == 7, "%s", garbage);
	check(pthread_create(&t, NULL, idle, NULL) == 0, "thread");
	cx_set_strategy(CX_AUTO);
	fails(cx_execv, "/nowhere", ENOENT);
	fails(cx_execv, "/dev/null/x", ENOTDIR);
	fails(cx_execv, garbage, EACCES);
	fails(cx_execv, "/tmp", EACCES);
	setenv("PATH", "/nowhere:/dev/null:/tmp", 1);
	fails(cx_execvp, "clonexec-nothing", ENOENT);
	fails(cx_execvp, garbage + 5, EACCES);
	/* An error that ends the search counts, whatever was denied before. */
	check(mkdtemp(dir) != NULL, "%s", dir);
	snprintf(link, sizeof link, "%s/loop", dir);
	snprintf(path, sizeof path, "/tmp:%s", link);
	check(symlink("loop", link) == 0, "%s", link);
	setenv("PATH", path, 1);
	fails(cx_execvp, garbage + 5, ELOOP);
	fails(exec_link, link, ELOOP);
	unlink(link);
	rmdir(dir);
	fails(exec_too_much, "/nowhere", plain_errno("/nowhere"));
	fails(cx_execv, (const char *)8, EFAULT);
	/* The control: what cannot be foreseen costs the shared fs. */
	check(fchmod(fd, 0755) == 0 && close(fd) == 0, "fchmod");
	check(cx_execv(garbage, argv) == -1 && errno == ENOEXEC && is_private(),
	      "the control: %s", strerror(errno));
	unlink(garbage);
}

/*
 * Then the question that executes nothing is answered EFAULT in any case: what
 * a filter says here, of the pointer that is none (its lower half).
 */
static void arguments_first(void)
{
	filter_refuse_if(SYS_execve, 2, -(unsigned long)sizeof(char *),
			 EFAULT);
	foreseen();
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "as this kernel answers", foreseen, 60 },
		{ "as one that reads the arguments first", arguments_first,
		  60 },
	};

	return tap_main(cases);
}
