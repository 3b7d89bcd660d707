/* SPDX-License-Identifier: MIT */
/*
 * P3: a failed exec returns the errno of plain exec and leaves the caller as
 * it was.  Each way to fail is tried by libc's function and by ours under
 * every strategy, from a thread of a process with two; afterwards a chdir in
 * the other thread is seen by this one, except where cx_status() says that
 * it is not, which must be exactly the residual cases.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "failing.h"
#include "filter.h"
#include "frozen.h"
#include "tap.h"

/* ---- The other thread ---- */

static struct {
	pthread_barrier_t ask, done;
	const char *to;
} other;

static void *change_dir(void *arg)
{
	for (;;) {
		pthread_barrier_wait(&other.ask);
		if (!other.to || chdir(other.to))
			return arg;
		pthread_barrier_wait(&other.done);
	}
}

static void other_goes_to(const char *to)
{
	other.to = to;
	pthread_barrier_wait(&other.ask);
	pthread_barrier_wait(&other.done);
}

static int sees_the_other(void)
{
	char cwd[64] = "";

	other_goes_to("/usr");
	if (!getcwd(cwd, sizeof cwd))
		return -1;
	return strcmp(cwd, "/usr") == 0;
}

/* ---- The cases ---- */

/* In a process of its own, since the fs stays private for good. */
static void one(const struct failing *f, enum cx_strategy s)
{
	struct cx_status status = { .size = sizeof status };
	pthread_t t;
	int want, seen;

	pthread_barrier_init(&other.ask, NULL, 2);
	pthread_barrier_init(&other.done, NULL, 2);
	pthread_create(&t, NULL, change_dir, NULL);
	other_goes_to("/");

	errno = 0;
	check(f->call(1) == -1 && errno == f->error,
	      "plain: \"%s\", not \"%s\"", strerror(errno), strerror(f->error));
	check(sees_the_other() == 1, "the control: fs is not shared at all");
	cx_set_strategy(s);
	other_goes_to("/");
	errno = 0;
	check(f->call(0) == -1 && errno == f->error,
	      "ours: \"%s\", not \"%s\"", strerror(errno), strerror(f->error));
	check(cx_status(&status) == 0, "cx_status: %s", strerror(errno));
	seen = sees_the_other();
	check(seen == !status.fs_private,
	      "cx_status says private %d, the other is seen %d",
	      status.fs_private, seen);
	want = f->residual && (s == CX_AUTO || s == CX_UNSHARE);
	check(status.fs_private == want, "private %d, should be %d",
	      status.fs_private, want);
}

static void in_child(const struct failing *f, enum cx_strategy s)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		alarm(20);
		one(f, s);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	check(status == 0, "%s, strategy %s: status %#x", f->name,
	      strategy_name(s), status);
}

static void run(int residual)
{
	pid_t pid;
	int status, r = 0;
	unsigned int i;
	enum cx_strategy s;

	tap_need_root(); /* for the noexec mount */
	failing_make_files();
	pid = fork();
	if (pid == 0) {
		check(setgid(1000) == 0 && setuid(1000) == 0, "ids");
		for (i = 0; i < failing_count; i++) {
			if (failing_ways[i].residual != residual)
				continue;
			for (s = CX_AUTO; s <= CX_LOCK; s++)
				in_child(&failing_ways[i], s);
		}
		_exit(0);
	}
	r = waitpid(pid, &status, 0) < 0 || status != 0;
	failing_remove_files();
	check(!r, "status %#x", status);
}

static void foreseen(void) { run(0); }
static void residual(void) { run(1); }

/* glibc runs a script without a #! line by sh, musl does not. */
#ifdef __GLIBC__
enum { SCRIPT_STATUS = 42 };
#else
enum { SCRIPT_STATUS = 1 };
#endif

/* By sh, with its arguments; or not at all, and then with ENOEXEC. */
static void script_by_search(void)
{
	static const char text[] = "test \"$1 $2 $#\" = 'a b 2' && exit 42\n";
	char *const argv[] = { (char *)"x", (char *)"a", (char *)"b", NULL };
	char path[128];
	enum cx_strategy s;
	int status, slash;
	pid_t pid;

	tap_need_root();
	failing_make_files();
	failing_put("nohash", text, sizeof text - 1, 0755);
	for (s = CX_AUTO; s <= CX_LOCK; s++)
		for (slash = 0; slash < 2; slash++) {
			pid = fork();
			if (pid == 0) {
				pthread_t t;

				pthread_barrier_init(&other.ask, NULL, 2);
				pthread_create(&t, NULL, change_dir, NULL);
				cx_set_strategy(s);
				setenv("PATH", failing_dir, 1);
				snprintf(path, sizeof path, "%s/nohash",
					 failing_dir);
				cx_execvp(slash ? path : "nohash", argv);
				_exit(errno == ENOEXEC ? 1 : 2);
			}
			waitpid(pid, &status, 0);
			check(WIFEXITED(status) &&
				      WEXITSTATUS(status) == SCRIPT_STATUS,
			      "%s: status %#x", strategy_name(s),
			      status);
		}
	snprintf(path, sizeof path, "%s/nohash", failing_dir);
	unlink(path);
	failing_remove_files();
}

/* ---- fexecve where the kernel has no execveat ---- */

static char *const fd_args[] = { (char *)"x", NULL };

/* Exits with errno, unless the script runs. */
static void no_execveat(int plain, enum cx_strategy s, const char *script,
			int without_proc)
{
	int fd;
	pthread_t t;

	failing_put("found", script, strlen(script), 0755);
	if (chdir(failing_dir) != 0 || (fd = open("found", O_RDONLY)) < 0)
		_exit(97);
	if (without_proc && mount("none", "/proc", "tmpfs", 0, NULL) != 0)
		_exit(98);
	filter_refuse(SYS_execveat, ENOSYS);
	pthread_barrier_init(&other.ask, NULL, 2);
	pthread_create(&t, NULL, change_dir, NULL);
	cx_set_strategy(s);
	if (plain)
		fexecve(fd, fd_args, fd_args + 1);
	else
		cx_fexecve(fd, fd_args, fd_args + 1);
	_exit(errno);
}

static int no_execveat_exit(int plain, enum cx_strategy s, const char *script,
			    int without_proc)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		no_execveat(plain, s, script, without_proc);
	waitpid(pid, &status, 0);
	check(WIFEXITED(status), "%s: status %#x", strategy_name(s), status);
	return WEXITSTATUS(status);
}

static void fexecve_by_name(void)
{
	static const struct {
		const char *script;
		int without_proc;
	} ways[] = {
		{ "#!/bin/sh\nexit 142\n", 0 },
		{ "#!/nowhere/sh\n", 0 },
		{ "#!/bin/sh\nexit 142\n", 1 },
	};
	unsigned int i;
	enum cx_strategy s;
	char path[128];
	int plain, ours;

	tap_need_root();
	failing_make_files();
	for (i = 0; i < sizeof ways / sizeof *ways; i++) {
		plain = no_execveat_exit(1, CX_AUTO, ways[i].script,
					 ways[i].without_proc);
		check(i > 0 || plain == 142, "the control: %s",
		      strerror(plain));
		for (s = CX_AUTO; s <= CX_LOCK; s++) {
			ours = no_execveat_exit(0, s, ways[i].script,
						ways[i].without_proc);
			check(ours == plain, "%s, way %u: %d, plain %d",
			      strategy_name(s), i, ours, plain);
		}
	}
	snprintf(path, sizeof path, "%s/found", failing_dir);
	unlink(path);
	failing_remove_files();
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "failures that can be foreseen leave everything as it was",
		  foreseen, 120 },
		{ "residual failures: errno exact, cx_status tells",
		  residual, 120 },
		{ "execvp and a script without a #! line, as libc does it",
		  script_by_search, 60 },
		{ "fexecve where there is no execveat, as libc does it",
		  fexecve_by_name, 60 },
	};

	return tap_main(cases);
}
