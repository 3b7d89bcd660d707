/* SPDX-License-Identifier: MIT */
/*
 * cx_regain, without luck: a program that has lost its privileges to the frozen
 * race has them again, each time; one that is not to have them goes on as it
 * would have.  The control of each is the same program in mode "plain".
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "kernel.h"
#include "start.h"
#include "sys.h"
#include "tap.h"

static void expect(const struct said *s, int answer, const char *error,
		   int starts)
{
	check(s->answer == answer && !strcmp(s->error, error) &&
	      s->starts == starts, "not %d, %s, %d starts: %s", answer, error,
	      starts, s->r.line);
}

/* Ids, sets, AT_SECURE, arguments, environment, name, mask, umask, files. */
static void expect_same(const struct said *a, const struct said *b)
{
	check(start_same_privileges(a, b) && !strcmp(a->rest, b->rest),
	      "it went on otherwise: \"%s\", not \"%s\"", b->r.line,
	      a->r.line);
}

static void run_as(const struct start *start, const char *mode,
		   enum target_verdict want, struct said *said)
{
	struct start s = *start;

	s.mode = mode;
	start_run(&s, said);
	check(said->r.verdict == want, "%s: %s: %s", mode,
	      target_verdict_name(said->r.verdict), said->r.line);
}

/* ---- The race ----------------------------------------------------------- */

static void hundred(enum target_kind kind)
{
	struct start calm = { .kind = kind };
	struct start frozen = { .kind = kind, .creators = kernel_losing() };
	struct said never, lost, back;
	int i;

	start_need_programs();
	run_as(&calm, "plain", TARGET_KEPT, &never);
	for (i = 0; i < 100; i++) {
		run_as(&frozen, "plain", TARGET_LOST, &lost);
		run_as(&frozen, "regain", TARGET_KEPT, &back);
		expect(&back, 1, "untouched", 2);
	}
	/* The mode is the argument that differs; the race's own descriptors are
	   those that a calm run does not have. */
	expect_same(&never, &back);
}

static void setuid_hundred(void) { hundred(TARGET_SETUID); }
static void setgid_hundred(void) { hundred(TARGET_SETGID); }
static void filecaps_hundred(void) { hundred(TARGET_FILECAPS); }

static void nothing_lost(void)
{
	struct start calm = { .kind = TARGET_SETUID };
	struct said s;
	int kind;

	start_need_programs();
	for (kind = TARGET_SETUID; kind <= TARGET_FILECAPS; kind++) {
		calm.kind = (enum target_kind)kind;
		run_as(&calm, "regain", TARGET_KEPT, &s);
		expect(&s, 0, "untouched", 1);
	}
	/* A plain file, by anybody and by root. */
	calm.kind = TARGET_SETUID;
	check(!chmod(start_path(calm.kind), 0755), "chmod");
	run_as(&calm, "regain", TARGET_LOST, &s);
	expect(&s, 0, "untouched", 1);
	/* The caller's own group; and a set-gid bit that is about locks. */
	calm.kind = TARGET_SETGID;
	check(!chown(start_path(calm.kind), 0, 1000) &&
	      !chmod(start_path(calm.kind), 02755), "chmod");
	run_as(&calm, "regain", TARGET_LOST, &s);
	expect(&s, 0, "untouched", 1);
	check(!chown(start_path(calm.kind), 0, 1), "chown");
	check(!chmod(start_path(calm.kind), 02705), "chmod");
	run_as(&calm, "regain", TARGET_LOST, &s);
	expect(&s, 0, "untouched", 1);
	calm.stay_root = 1;
	calm.mode = "regain";
	start_run(&calm, &s);
	expect(&s, 0, "untouched", 1);
}

static void clear_effective(void)
{
	static const unsigned char net_raw[20] = {
		0, 0, 0, 2, 0, 1 << (CAP_NET_RAW - 8),
	};

	check(!setxattr(start_path(TARGET_FILECAPS), "security.capability",
			net_raw, sizeof(net_raw), 0), "setxattr: %s",
	      strerror(errno));
}

/* AT_SECURE does not tell here. */
static void not_effective(void)
{
	struct start s = { .kind = TARGET_FILECAPS, .mode = "plain" };
	struct said said;

	start_need_programs();
	clear_effective();
	start_run(&s, &said);
	check(strstr(said.r.line, " 2000 0 1 = "), "%s", said.r.line);
	s.creators = kernel_losing();
	start_run(&s, &said);
	check(strstr(said.r.line, " 0 0 0 = "), "control: %s", said.r.line);
	s.mode = "regain";
	start_run(&s, &said);
	check(strstr(said.r.line, " 2000 0 1 = "), "%s", said.r.line);
	expect(&said, 1, "untouched", 2);
}

static void beside_a_thread(void)
{
	struct start s = { .kind = TARGET_SETUID, .creators = kernel_losing() };
	struct said said;

	start_need_programs();
	run_as(&s, "thread", TARGET_KEPT, &said);
	expect(&said, 1, "untouched", 2);
}

static void put_aside(void)
{
	struct start s = { .kind = TARGET_SETUID, .mode = "aside" };
	struct said said;

	start_need_programs();
	start_run(&s, &said);
	check(!strncmp(said.r.line, "1000 1000 0 ", 12), "%s", said.r.line);
	expect(&said, 0, "untouched", 1);
}

/* ---- What is not to be regained ---------------------------------------- */

static void gives_up(const struct start *s, const char *error, int starts)
{
	struct said plain, regain;

	run_as(s, "plain", TARGET_LOST, &plain);
	run_as(s, "regain", TARGET_LOST, &regain);
	expect(&regain, -1, error, starts);
	expect_same(&plain, &regain);
}

/* The same of a set-uid, a set-gid and a file with capabilities. */
static void each_gives_up(const struct start *start, int starts)
{
	struct start s = *start;

	for (s.kind = TARGET_SETUID; s.kind <= TARGET_FILECAPS; s.kind++)
		gives_up(&s, "EPERM", starts);
}

static int without_new_privileges(const char *path, char *const argv[],
				  char *const envp[])
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return execve(path, argv, envp);
}

static void no_new_privs(void)
{
	struct start s = { .exec = without_new_privileges };

	start_need_programs();
	each_gives_up(&s, 1);
}

/* A tracer that may not: as unprivileged as who is traced. */
static int traced(const char *path, char *const argv[], char *const envp[])
{
	int status, steps;
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		if (!ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			execve(path, argv, envp);
		_exit(1);
	}
	for (steps = 0; steps < 100; steps++) {
		if (waitpid(pid, &status, 0) != pid)
			break;
		if (!WIFSTOPPED(status))
			_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	}
	kill(pid, SIGKILL);
	_exit(1);
}

static void under_ptrace(void)
{
	struct start s = { .exec = traced };

	start_need_programs();
	each_gives_up(&s, 1);
}

/* The kernel's own reason for what the race is taken for. */
static int shared(const char *path, char *const argv[], char *const envp[])
{
	int status;
	pid_t pid = (pid_t)sys_fork(CLONE_FS | SIGCHLD);

	if (pid == 0) {
		execve(path, argv, envp);
		_exit(1);
	}
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static void fs_is_shared(void)
{
	struct start s = { .exec = shared };
	struct said said;

	start_need_programs();
	each_gives_up(&s, 2);
	/* With a thread it is cx_execve, which has an fs of its own. */
	s.kind = TARGET_SETUID;
	run_as(&s, "thread", TARGET_KEPT, &said);
	expect(&said, 1, "untouched", 2);
}

static void own_mounts(void)
{
	check(!unshare(CLONE_NEWNS) &&
	      !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL),
	      "a mount namespace: %s", strerror(errno));
}

static void nosuid(void)
{
	struct start s = { .exec = NULL };
	const char *dir;

	start_need_programs();
	dir = start_dir();
	own_mounts();
	check(!mount(dir, dir, NULL, MS_BIND, NULL) &&
	      !mount(NULL, dir, NULL, MS_BIND | MS_REMOUNT | MS_NOSUID, NULL),
	      "nosuid: %s", strerror(errno));
	each_gives_up(&s, 1);
	clear_effective();
	s.kind = TARGET_FILECAPS;
	gives_up(&s, "EPERM", 1);
}

/* There root's files grant nothing to anybody. */
static int where_root_is_nobody(const char *path, char *const argv[],
				char *const envp[])
{
	static const char map[] = "1000 1000 1\n";
	int fd;

	if (unshare(CLONE_NEWUSER) || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
		return -1;
	fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
	if (write(fd, map, sizeof(map) - 1) < 0 || close(fd))
		return -1;
	return execve(path, argv, envp);
}

static void not_mapped(void)
{
	struct start s = { .kind = TARGET_SETUID,
			   .exec = where_root_is_nobody };

	start_need_programs();
	gives_up(&s, "EPERM", 1);
}

/* In a mount namespace of the case. */
static void cover_proc(void)
{
	own_mounts();
	check(!mount("none", "/proc", "tmpfs", 0, NULL), "%s",
	      strerror(errno));
}

static void without_proc(void)
{
	struct start s = { .kind = TARGET_SETUID, .creators = kernel_losing() };
	struct start calm = { .kind = TARGET_SETUID };
	struct said said;

	start_need_programs();
	cover_proc();
	gives_up(&s, "ENOENT", 1);
	run_as(&calm, "regain", TARGET_KEPT, &said);
	expect(&said, -1, "ENOENT", 1);
}

/*
 * A chroot of somebody's may have a /proc of his making.  Nothing there is
 * executed, with what privileges are left: here all of root's, and a file that
 * seems to grant a group which is missing.
 */
static void proc_is_made_up(void)
{
	struct start calm = { .kind = TARGET_SETUID };
	struct said said;

	start_need_programs();
	cover_proc();
	check(!mkdir("/proc/self", 0755) &&
	      !symlink(start_path(TARGET_SETGID), "/proc/self/exe"), "%s",
	      strerror(errno));
	run_as(&calm, "regain", TARGET_KEPT, &said);
	expect(&said, -1, "ENOENT", 1);
}

static void without_arguments(void)
{
	struct start s = { .kind = TARGET_SETUID, .creators = kernel_losing() };
	struct said said;

	start_need_programs();
	run_as(&s, "empty", TARGET_LOST, &said);
	expect(&said, -1, "EINVAL", 1);
}

/* Who starts it by the guard's name gets one start, and no more than that. */
static void fooled_guard(void)
{
	struct start s = { .kind = TARGET_SETUID, .exec = shared };
	struct said said;

	start_need_programs();
	run_as(&s, "again", TARGET_LOST, &said);
	expect(&said, -1, "EPERM", 2);
	s.exec = NULL;
	run_as(&s, "again", TARGET_KEPT, &said);
	expect(&said, 1, "untouched", 2);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "set-uid: 100 of 100 lost, 100 of 100 regained",
		  setuid_hundred, 120 },
		{ "set-gid: the same", setgid_hundred, 120 },
		{ "file capabilities: the same", filecaps_hundred, 120 },
		{ "nothing lost, nothing done", nothing_lost, 30 },
		{ "capabilities without the effective flag", not_effective,
		  30 },
		{ "while there is another thread", beside_a_thread, 30 },
		{ "put aside by the program itself", put_aside, 30 },
		{ "no_new_privs: goes on as it would have", no_new_privs, 30 },
		{ "a tracer: the same", under_ptrace, 30 },
		{ "an fs that is shared: the same", fs_is_shared, 30 },
		{ "a nosuid mount: the same", nosuid, 30 },
		{ "a user namespace without the owner: the same", not_mapped,
		  30 },
		{ "no /proc: the same", without_proc, 30 },
		{ "a /proc that somebody made: nothing is executed",
		  proc_is_made_up, 30 },
		{ "no arguments: the same", without_arguments, 30 },
		{ "the loop guard cannot be made to loop", fooled_guard, 30 },
	};

	return tap_main(cases);
}
