/* SPDX-License-Identifier: MIT */
/* Targets and surroundings that are unusual: the same as by plain execve. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frozen.h"
#include "storm.h"
#include "tap.h"

static char dir[] = "/tmp/clonexec-targets-XXXXXX";
static char path[16][96];

static void put(int n, const char *text, mode_t mode)
{
	int fd;

	snprintf(path[n], sizeof path[n], "%s/%d", dir, n);
	fd = open(path[n], O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	check(fd >= 0 &&
		      write(fd, text, strlen(text)) == (ssize_t)strlen(text),
	      "%s: %s", path[n], strerror(errno));
	fchmod(fd, mode);
	close(fd);
}

static void make_dir(void)
{
	check(mkdtemp(dir), "mkdtemp: %s", strerror(errno));
}

static void remove_dir(void)
{
	int n;

	for (n = 0; n < 16; n++)
		if (path[n][0])
			unlink(path[n]);
	rmdir(dir);
}

/* What one exec comes to: an exit status, or 100 and more for an errno. */
static int result(const char *file, int plain, enum cx_strategy s)
{
	char *const argv[] = { (char *)"x", NULL };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		storm_thread(storm_sleep, NULL);
		cx_set_strategy(s);
		dup2(open("/dev/null", O_WRONLY), 2);
		if (plain)
			execv(file, argv);
		else
			cx_execv(file, argv);
		_exit(100 + errno % 100);
	}
	check(waitpid(pid, &status, 0) == pid && WIFEXITED(status),
	      "%s: status %#x", file, (unsigned int)status);
	return WEXITSTATUS(status);
}

static void expect_same(const char *file, int want)
{
	enum cx_strategy s;
	int r = result(file, 1, CX_AUTO);

	check(r == want, "plain, %s: %d, not %d", file, r, want);
	for (s = CX_AUTO; s <= CX_LOCK; s++) {
		r = result(file, 0, s);
		check(r == want, "%s, %s: %d, not %d",
		      strategy_name(s), file, r, want);
	}
}

/* Scripts that are the interpreters of scripts: five are too many. */
static void chains(void)
{
	char text[128];
	int n;

	make_dir();
	put(0, "#!/bin/sh\nexit 42\n", 0755);
	for (n = 1; n < 8; n++) {
		snprintf(text, sizeof text, "#!%.100s\n", path[n - 1]);
		put(n, text, 0755);
	}
	for (n = 0; n < 5; n++)
		expect_same(path[n], STORM_OK);
	for (n = 5; n < 8; n++)
		expect_same(path[n], 100 + ELOOP);
	remove_dir();
}

static void deleted_directory(void)
{
	make_dir();
	check(chdir(dir) == 0 && rmdir(dir) == 0, "%s: %s", dir,
	      strerror(errno));
	expect_same("x", 100 + ENOENT);
	expect_same("/bin/false", 1);
}

/* A file that is not called by its name, and then one that has none. */
static void nameless(void)
{
	char name[64];
	int fd;

	make_dir();
	put(0, "#!/bin/sh\nexit 42\n", 0755);
	fd = open(path[0], O_RDONLY);
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	expect_same(name, STORM_OK);
	remove_dir();
	expect_same(name, STORM_OK);
}

static void only_executable(void)
{
	tap_need_root();
	make_dir();
	chmod(dir, 0755);
	put(0, "#!/bin/sh\nexit 42\n", 0711);
	check(setresuid(1000, 1000, 0) == 0, "setresuid");
	/* sh cannot read it; exec could start it. */
	expect_same(path[0], 2);
	check(setresuid(0, 0, 0) == 0, "setresuid");
	remove_dir();
}

static int map(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	int r = fd >= 0 && write(fd, text, strlen(text)) > 0 ? 0 : -1;

	if (fd >= 0)
		close(fd);
	return r;
}

static int be_root(void)
{
	return map("/proc/self/uid_map", "0 0 1") ||
	       map("/proc/self/setgroups", "deny") ||
	       map("/proc/self/gid_map", "0 0 1");
}

/* An empty file is a program where binfmt_misc knows its name: that is why
   no forecast says that one must fail. */
static void misc_formats(void)
{
	char mount_at[96], file[128];
	int fd;

	tap_need_root();
	make_dir();
	put(0, "#!/bin/sh\nexit 42\n", 0755);
	snprintf(mount_at, sizeof mount_at, "%s/misc", dir);
	mkdir(mount_at, 0755);
	snprintf(path[1], sizeof path[1], "%s/empty.cxstorm", dir);
	close(open(path[1], O_CREAT | O_WRONLY | O_CLOEXEC, 0755));
	chmod(path[1], 0755);
	/* In a user namespace of our own, which has formats of its own since
	   Linux 6.7: nothing is left behind. */
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) || be_root() ||
	    mount("none", mount_at, "binfmt_misc", 0, NULL)) {
		int error = errno;

		rmdir(mount_at);
		remove_dir();
		tap_skip("no binfmt_misc of our own: %s", strerror(error));
	}
	expect_same(path[1], 100 + ENOEXEC);
	snprintf(file, sizeof file, "%s/register", mount_at);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	check(fd >= 0 && dprintf(fd, ":cxstorm:E::cxstorm::%s:", path[0]) > 0,
	      "%s: %s", file, strerror(errno));
	close(fd);
	expect_same(path[1], STORM_OK);
	umount2(mount_at, MNT_DETACH);
	rmdir(mount_at);
	remove_dir();
}

static void no_exec_mount(void)
{
	tap_need_root();
	make_dir();
	check(unshare(CLONE_NEWNS) == 0 &&
		      mount("none", "/", NULL, MS_REC | MS_PRIVATE,
			    NULL) == 0 &&
		      mount("none", dir, "tmpfs", MS_NOEXEC, NULL) == 0,
	      "tmpfs: %s", strerror(errno));
	put(0, "#!/bin/sh\nexit 42\n", 0755);
	expect_same(path[0], 100 + EACCES);
	check(mount("none", dir, NULL, MS_REMOUNT, NULL) == 0, "remount");
	expect_same(path[0], STORM_OK);
	umount2(dir, MNT_DETACH);
	rmdir(dir);
}

/* setuid beyond RLIMIT_NPROC is let through, and exec pays for it. */
static int result_over_limit(int plain, enum cx_strategy s)
{
	struct rlimit none = { 0, 0 };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		storm_thread(storm_sleep, NULL);
		cx_set_strategy(s);
		if (setrlimit(RLIMIT_NPROC, &none) ||
		    setresuid(1000, 1000, 1000))
			_exit(1);
		if (plain)
			execv("/bin/sh", storm_sh);
		else
			cx_execv("/bin/sh", storm_sh);
		_exit(100 + errno % 100);
	}
	check(waitpid(pid, &status, 0) == pid && WIFEXITED(status),
	      "status %#x", (unsigned int)status);
	return WEXITSTATUS(status);
}

static void over_limit(void)
{
	enum cx_strategy s;
	int r;

	tap_need_root();
	r = result_over_limit(1, CX_AUTO);
	check(r == 100 + EAGAIN, "plain: %d", r);
	for (s = CX_AUTO; s <= CX_LOCK; s++) {
		r = result_over_limit(0, s);
		check(r == 100 + EAGAIN, "%s: %d", strategy_name(s), r);
	}
}

/* 1.9 of the 2 MB that there are for 8 MB of stack. */
enum { STRINGS = 19, STRING = 100 * 1000 };

static void with_much(void)
{
	static char *argv[STRINGS / 2 + 5], *envp[STRINGS / 2 + 2];
	int i;

	storm_thread(storm_sleep, NULL);
	for (i = 0; i < STRINGS; i++) {
		char *s = malloc(STRING);

		if (!s)
			_exit(97);
		memset(s, 'a', STRING - 1);
		s[1] = '=';
		s[STRING - 1] = '\0';
		if (i % 2)
			argv[3 + i / 2] = s;
		else
			envp[i / 2] = s;
	}
	argv[0] = storm_sh[0];
	argv[1] = storm_sh[1];
	argv[2] = storm_sh[2];
	cx_execve("/bin/sh", argv, envp);
}

static void much(void)
{
	storm_each(with_much, -1);
}

/* A file system that is a process: the exec waits for its answers. */
static void on_fuse(void)
{
	char source[64], target[64], file[128], command[256];

	tap_need_root();
	make_dir();
	chmod(dir, 0755);
	snprintf(source, sizeof source, "%s/s", dir);
	snprintf(target, sizeof target, "%s/t", dir);
	mkdir(source, 0755);
	mkdir(target, 0755);
	snprintf(command, sizeof command, "bindfs %s %s 2>/dev/null", source,
		 target);
	if (system(command) != 0) {
		rmdir(source);
		rmdir(target);
		remove_dir();
		tap_skip("no FUSE mount by bindfs");
	}
	snprintf(path[0], sizeof path[0], "%s/0", source);
	snprintf(command, sizeof command, "cp /bin/false %s/0", source);
	check(system(command) == 0, "cp");
	snprintf(path[1], sizeof path[1], "%s/1", source);
	snprintf(command, sizeof command, "echo x >%s/1", source);
	check(system(command) == 0, "echo");
	snprintf(file, sizeof file, "%s/0", target);
	expect_same(file, 1);
	snprintf(file, sizeof file, "%s/1", target);
	expect_same(file, 100 + EACCES);
	snprintf(file, sizeof file, "%s/2", target);
	expect_same(file, 100 + ENOENT);
	check(umount2(target, MNT_DETACH) == 0, "umount: %s", strerror(errno));
	unlink(path[0]);
	unlink(path[1]);
	rmdir(source);
	rmdir(target);
	remove_dir();
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "scripts of scripts of scripts", chains, 60 },
		{ "in a deleted directory", deleted_directory, 60 },
		{ "by /proc/self/fd, also without a name", nameless, 60 },
		{ "executable, not readable", only_executable, 60 },
		{ "a format of binfmt_misc", misc_formats, 60 },
		{ "a noexec mount, and no more", no_exec_mount, 60 },
		{ "a user with too many processes: EAGAIN", over_limit, 60 },
		{ "1.9 MB of arguments and environment", much, 60 },
		{ "a program on FUSE", on_fuse, 60 },
	};

	return tap_main(cases);
}
