/* SPDX-License-Identifier: MIT */
/*
 * No file with privileges ever has a name: whatever is killed, at whichever
 * moment, leaves none behind.  Killed here before each of its system calls,
 * while the targets are made and given up, where the file system makes files
 * without a name and where it does not.  The control makes them as files are
 * usually made.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "filter.h"
#include "steps.h"
#include "tap.h"
#include "target.h"

#ifdef SYS_open
enum { HAS_OPEN = SYS_open };
#else
enum { HAS_OPEN = -1 };
#endif

static const struct target_caller caller = { 1000, 1000 };
static char place[] = "/var/tmp/clonexec-targets-XXXXXX";

static void begin(void)
{
	tap_need_root();
	check(mkdtemp(place) != NULL, "%s: %s", place, strerror(errno));
	setenv("TMPDIR", place, 1);
}

struct left {
	int files, privileged;
};

static int is_privileged(const char *path)
{
	char value[64];
	struct stat st;

	check(!lstat(path, &st), "%s: %s", path, strerror(errno));
	return st.st_mode & (S_ISUID | S_ISGID) ||
	       getxattr(path, "security.capability", value, sizeof(value)) > 0;
}

/* What lies there, which is removed. */
static struct left look(void)
{
	struct left l = { 0 };
	char path[PATH_MAX];
	DIR *d = opendir(place);
	struct dirent *e;

	check(d != NULL, "%s: %s", place, strerror(errno));
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", place, e->d_name);
		l.files++;
		l.privileged += is_privileged(path);
		unlink(path);
	}
	closedir(d);
	return l;
}

/* ---- The work --------------------------------------------------------- */

static int make_targets(void *arg)
{
	static struct targets t;
	int error = targets_make(&t, &caller);

	if (error || t.error[TARGET_SETUID] || t.error[TARGET_SETGID])
		return 1;
	targets_remove(&t);
	return 0;
}

static int make_elsewhere(void *arg)
{
	const unsigned int nameless = O_TMPFILE & ~O_DIRECTORY;

	filter_refuse_flag(SYS_openat, 2, nameless, EOPNOTSUPP);
	if (HAS_OPEN >= 0) /* musl's */
		filter_refuse_flag(HAS_OPEN, 1, nameless, EOPNOTSUPP);
	return make_targets(arg);
}

static int make_usually(void *arg)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/setuid", place);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, "x", 1) != 1 || fchmod(fd, 04755) ||
	    close(fd) || unlink(path))
		return 1;
	return 0;
}

static void kill_it(pid_t worker, void *arg)
{
	kill(worker, SIGKILL);
}

/* How many system calls it makes: the fewest of some runs, since not all make
   the same number. */
static int count_steps(int (*work)(void *))
{
	int i, steps = 0, n, status;
	struct left l;

	for (i = 0; i < 5; i++) {
		n = steps_run(work, NULL, 0, kill_it, NULL, &status);
		check(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		      "undisturbed it fails: %#x", (unsigned int)status);
		l = look();
		check(!l.files, "undisturbed it leaves %d files", l.files);
		if (i == 0 || n < steps)
			steps = n;
	}
	return steps;
}

/* Killed before each system call in turn. */
static struct left killed(int (*work)(void *))
{
	struct left all = { 0 }, l;
	int at, i, steps, status;

	begin();
	steps = count_steps(work);
	for (at = 1; at <= steps; at++) {
		/* A run that was shorter than those is made again. */
		for (i = 0, status = 0; i < 5 && status == 0; i++)
			steps_run(work, NULL, at, kill_it, NULL, &status);
		check(WIFSIGNALED(status), "not killed at step %d", at);
		l = look();
		all.files += l.files;
		all.privileged += l.privileged;
	}
	check(!rmdir(place), "%s: %s", place, strerror(errno));
	tap_note("%d moments: %d files left, %d with privileges", steps,
		 all.files, all.privileged);
	return all;
}

static void nameless(void)
{
	int fd = open("/var/tmp", O_TMPFILE | O_RDWR, 0600);
	struct left l;

	if (fd < 0)
		tap_absent("no files without a name in /var/tmp");
	close(fd);
	l = killed(make_targets);
	check(!l.privileged && !l.files, "something was left");
}

static void named_for_a_moment(void)
{
	struct left l = killed(make_elsewhere);

	check(!l.privileged, "a file with privileges was left");
	check(l.files > 0, "not even an empty file: was it refused?");
}

static void control(void)
{
	struct left l = killed(make_usually);

	check(l.privileged > 0, "nothing was left: what is this test for?");
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "killed at each moment, without a name", nameless, 60 },
		{ "the same where files must have one",
		  named_for_a_moment, 60 },
		{ "control: a usual file, removed at the end", control, 60 },
	};

	return tap_main(cases);
}
