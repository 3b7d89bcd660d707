/* SPDX-License-Identifier: MIT */
#include "failing.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <clonexec.h>

#include "tap.h"

/* glibc's fexecve looks at it, musl leaves that to the kernel. */
#ifdef __GLIBC__
#define NEGATIVE_FD EINVAL
#else
#define NEGATIVE_FD EBADF
#endif

char failing_dir[64];
static char *const no_args[] = { (char *)"x", NULL };
static char *const no_env[] = { NULL };

static int exec_file(int plain, const char *name)
{
	char path[512];

	snprintf(path, sizeof path, "%s/%s", failing_dir, name);
	return plain ? execve(path, no_args, no_env)
		     : cx_execve(path, no_args, no_env);
}

static int exec_args(int plain, char *const argv[], char *const envp[])
{
	return plain ? execve("/bin/true", argv, envp)
		     : cx_execve("/bin/true", argv, envp);
}

static int missing(int plain) { return exec_file(plain, "missing"); }
static int not_executable(int plain) { return exec_file(plain, "plain"); }
static int directory(int plain) { return exec_file(plain, ""); }
static int fifo(int plain) { return exec_file(plain, "fifo"); }
static int locked(int plain) { return exec_file(plain, "locked/true"); }
static int not_dir(int plain) { return exec_file(plain, "plain/x"); }
static int loop(int plain) { return exec_file(plain, "loop"); }
static int dangling(int plain) { return exec_file(plain, "dangling"); }
static int noexec(int plain) { return exec_file(plain, "noexec/true"); }
static int garbage(int plain) { return exec_file(plain, "garbage"); }
static int empty(int plain) { return exec_file(plain, "empty"); }
static int busy(int plain) { return exec_file(plain, "busy"); }
static int no_interp(int plain) { return exec_file(plain, "script"); }
static int bad_interp(int plain) { return exec_file(plain, "script2"); }
static int elf_interp(int plain) { return exec_file(plain, "elf"); }

static int empty_name(int plain)
{
	return plain ? execve("", no_args, no_env)
		     : cx_execve("", no_args, no_env);
}

static int long_name(int plain)
{
	char name[300];

	memset(name, 'n', sizeof name);
	name[sizeof name - 1] = '\0';
	return exec_file(plain, name);
}

static int long_path(int plain)
{
	static char path[5000];

	memset(path, '/', sizeof path - 1);
	return plain ? execve(path, no_args, no_env)
		     : cx_execve(path, no_args, no_env);
}

static int long_string(int plain)
{
	size_t size = 33 * (size_t)sysconf(_SC_PAGESIZE);
	char *big = malloc(size);
	char *argv[] = { (char *)"x", big, NULL };

	if (!big)
		_exit(97);
	memset(big, 'a', size - 1);
	big[size - 1] = '\0';
	return exec_args(plain, argv, no_env);
}

static int many_strings(int plain)
{
	enum { COUNT = 100000 };
	static char *envp[COUNT + 1];
	static char value[100];
	int i;

	memset(value, 'v', sizeof value - 1);
	for (i = 0; i < COUNT; i++)
		envp[i] = value;
	return exec_args(plain, no_args, envp);
}

/* The limit is a quarter of the stack's. */
static int small_stack(int plain)
{
	struct rlimit limit = { 1 << 20, 1 << 20 };
	static char *argv[3000 + 1];
	static char value[100];
	int i, r;

	getrlimit(RLIMIT_STACK, &limit);
	limit.rlim_cur = 1 << 20;
	setrlimit(RLIMIT_STACK, &limit);
	memset(value, 'v', sizeof value - 1);
	for (i = 0; i < 3000; i++)
		argv[i] = value;
	r = exec_args(plain, argv, no_env);
	limit.rlim_cur = 8 << 20;
	setrlimit(RLIMIT_STACK, &limit);
	return r;
}

/* volatile, or the compiler warns of what is meant. */
static char *volatile bad = (char *)8;

static int bad_path(int plain)
{
	return plain ? execve(bad, no_args, no_env)
		     : cx_execve(bad, no_args, no_env);
}

static int bad_argv(int plain)
{
	return exec_args(plain, (char *const *)(void *)bad, no_env);
}

static int bad_string(int plain)
{
	char *argv[] = { (char *)"x", bad, NULL };

	return exec_args(plain, argv, no_env);
}

/* Nearly NULL: no system call may take them for a NULL that means "none". */
static int tiny_string(int plain)
{
	char *argv[] = { (char *)"x", (char *)1, NULL };

	return exec_args(plain, argv, no_env);
}

static int bad_envp(int plain)
{
	return exec_args(plain, no_args, (char *const *)(void *)bad);
}

/* An array that runs off the end of its page. */
static int cut_envp(int plain)
{
	long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char **envp = (char **)(void *)(map + page) - 1;

	munmap(map + page, (size_t)page);
	envp[0] = (char *)"A=1";
	return exec_args(plain, no_args, envp);
}

/* A string that does. */
static int cut_string(int plain)
{
	long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *argv[] = { map + page - 5, NULL };

	munmap(map + page, (size_t)page);
	memset(argv[0], 's', 5);
	return exec_args(plain, argv, no_env);
}

/* An array that is not aligned, and whose second entry is cut by the page. */
static int odd_argv(int plain)
{
	long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *argv = map + page - 12;
	const char *x = "x";

	munmap(map + page, (size_t)page);
	memcpy(argv, &x, sizeof x);
	return exec_args(plain, (char *const *)(void *)argv, no_env);
}

static int bad_fd(int plain)
{
	return plain ? (int)syscall(SYS_execveat, 4711, "x", no_args, no_env, 0)
		     : cx_execveat(4711, "x", no_args, no_env, 0);
}

static int negative_fd(int plain)
{
	return plain ? fexecve(-1, no_args, no_env)
		     : cx_fexecve(-1, no_args, no_env);
}

static int nofollow(int plain)
{
	int fd = open(failing_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return plain ? (int)syscall(SYS_execveat, fd, "link", no_args, no_env,
				AT_SYMLINK_NOFOLLOW)
		     : cx_execveat(fd, "link", no_args, no_env,
				   AT_SYMLINK_NOFOLLOW);
}

static int bad_flags(int plain)
{
	return plain ? (int)syscall(SYS_execveat, AT_FDCWD, "/bin/true",
				    no_args, no_env, 0x40)
		     : cx_execveat(AT_FDCWD, "/bin/true", no_args, no_env,
				   0x40);
}

static int exec_path(int plain, const char *path, const char *file)
{
	setenv("PATH", path, 1);
	return plain ? execvp(file, no_args) : cx_execvp(file, no_args);
}

static int search_misses(int plain)
{
	return exec_path(plain, "/nowhere:/proc:/etc/passwd:/sys", "missing");
}

/* "Not allowed" wins over "not there", wherever it stands. */
static int search_denied(int plain)
{
	char path[128];

	snprintf(path, sizeof path, "/nowhere:%s:/proc", failing_dir);
	return exec_path(plain, path, "plain");
}

static int search_loop(int plain)
{
	char path[128];

	snprintf(path, sizeof path, "/nowhere:%s:/bin", failing_dir);
	return exec_path(plain, path, "loop");
}

static int search_long(int plain)
{
	char name[300];

	memset(name, 'n', sizeof name);
	name[sizeof name - 1] = '\0';
	return exec_path(plain, "/bin", name);
}

static int search_empty(int plain)
{
	return exec_path(plain, "/bin", "");
}

const struct failing failing_ways[] = {
	{ "no such file", missing, ENOENT, 0 },
	{ "empty name", empty_name, ENOENT, 0 },
	{ "dangling link", dangling, ENOENT, 0 },
	{ "not executable", not_executable, EACCES, 0 },
	{ "a directory", directory, EACCES, 0 },
	{ "a FIFO", fifo, EACCES, 0 },
	{ "in a directory without search permission", locked, EACCES, 0 },
	{ "on a noexec mount", noexec, EACCES, 0 },
	{ "through a file", not_dir, ENOTDIR, 0 },
	{ "a loop of links", loop, ELOOP, 0 },
	{ "a link, not to be followed", nofollow, ELOOP, 0 },
	{ "a long name", long_name, ENAMETOOLONG, 0 },
	{ "a long path", long_path, ENAMETOOLONG, 0 },
	{ "a long string", long_string, E2BIG, 0 },
	{ "many strings", many_strings, E2BIG, 0 },
	{ "many strings for a small stack", small_stack, E2BIG, 0 },
	{ "bad path", bad_path, EFAULT, 0 },
	{ "bad argv", bad_argv, EFAULT, 0 },
	{ "bad string in argv", bad_string, EFAULT, 0 },
	{ "a string of 1 in argv", tiny_string, EFAULT, 0 },
	{ "bad envp", bad_envp, EFAULT, 0 },
	{ "envp cut off by a page", cut_envp, EFAULT, 0 },
	{ "argv not aligned, and cut off", odd_argv, EFAULT, 0 },
	{ "a string cut off by a page", cut_string, EFAULT, 0 },
	{ "bad descriptor", bad_fd, EBADF, 0 },
	{ "negative descriptor", negative_fd, NEGATIVE_FD, 0 },
	{ "search: all miss", search_misses, ENOENT, 0 },
	{ "search: one denied", search_denied, EACCES, 0 },
	{ "search: a loop ends it", search_loop, ELOOP, 0 },
	{ "search: a long name", search_long, ENAMETOOLONG, 0 },
	{ "search: an empty name", search_empty, ENOENT, 0 },
	{ "unknown flags", bad_flags, EINVAL, 1 },
	{ "neither program nor script", garbage, ENOEXEC, 1 },
	{ "an empty file", empty, ENOEXEC, 1 },
	{ "open for writing", busy, ETXTBSY, 1 },
	{ "a script without its interpreter", no_interp, ENOENT, 1 },
	{ "a script with one that is not executable", bad_interp, EACCES, 1 },
	{ "a program without its ELF interpreter", elf_interp, ENOENT, 1 },
};

const unsigned int failing_count =
	sizeof failing_ways / sizeof *failing_ways;

/* ---- The files ---- */

void failing_put(const char *name, const char *text, size_t size, mode_t mode)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/%s", failing_dir, name);
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	check(fd >= 0 && write(fd, text, size) == (ssize_t)size, "%s: %s",
	      path, strerror(errno));
	fchmod(fd, mode);
	close(fd);
}

/* This program itself, with its interpreter's name spoilt. */
static void put_broken_elf(void)
{
	static char image[1 << 22];
	int fd = open("/bin/true", O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, image, sizeof image);
	char *interp;

	close(fd);
	check(n > 0, "cannot read /bin/true");
	interp = memmem(image, (size_t)n, "/ld-", 4);
	check(interp, "/bin/true has no interpreter");
	interp[1] = 'X';
	failing_put("elf", image, (size_t)n, 0755);
}

static void make_noexec_mount(void)
{
	char path[128];
	int r;

	snprintf(path, sizeof path, "%s/noexec", failing_dir);
	r = unshare(CLONE_NEWNS);
	if (r == 0)
		r = mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
	/* In a chroot "/" is no mount, and there the mount may be seen
	   outside until it is removed. */
	if (r == 0 || errno == EINVAL)
		r = mount("none", path, "tmpfs", MS_NOEXEC, "mode=755");
	if (r)
		tap_skip("no mount: %s", strerror(errno));
}

static void make_link(const char *to, const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", failing_dir, name);
	check(symlink(to, path) == 0, "%s: %s", path, strerror(errno));
}

void failing_make_files(void)
{
	char path[128];

	snprintf(failing_dir, sizeof failing_dir,
		 "/tmp/clonexec-failures-XXXXXX");
	check(mkdtemp(failing_dir), "mkdtemp: %s", strerror(errno));
	chmod(failing_dir, 0755);
	snprintf(path, sizeof path, "%s/locked", failing_dir);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/noexec", failing_dir);
	mkdir(path, 0755);
	make_noexec_mount();
	failing_put("plain", "text", 4, 0644);
	failing_put("garbage", "\001\002\003garbage", 10, 0755);
	failing_put("empty", "", 0, 0755);
	failing_put("script", "#!/nowhere/sh\n", 14, 0755);
	failing_put("script2", "#!/etc/passwd\n", 14, 0755);
	failing_put("busy", "#!/bin/sh\n", 10, 0777);
	failing_put("locked/true", "#!/bin/true\n", 12, 0755);
	failing_put("noexec/true", "#!/bin/true\n", 12, 0755);
	put_broken_elf();
	make_link("loop", "loop");
	make_link("/nowhere", "dangling");
	make_link("/bin/true", "link");
	snprintf(path, sizeof path, "%s/fifo", failing_dir);
	check(mkfifo(path, 0777) == 0, "fifo: %s", strerror(errno));
	chmod(path, 0777);
	snprintf(path, sizeof path, "%s/busy", failing_dir);
	check(open(path, O_WRONLY | O_CLOEXEC) >= 0, "busy: %s",
	      strerror(errno));
}

void failing_remove_files(void)
{
	static const char *const names[] = {
		"locked/true", "noexec/true", "locked", "plain", "garbage",
		"empty", "script", "script2", "busy", "elf", "loop",
		"dangling", "link", "fifo",
	};
	char path[128];
	unsigned int i;

	snprintf(path, sizeof path, "%s/noexec", failing_dir);
	umount2(path, MNT_DETACH);
	for (i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", failing_dir, names[i]);
		if (unlink(path) && errno == EISDIR)
			rmdir(path);
	}
	snprintf(path, sizeof path, "%s/noexec", failing_dir);
	rmdir(path);
	rmdir(failing_dir);
}
