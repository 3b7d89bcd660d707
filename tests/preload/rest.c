/* SPDX-License-Identifier: MIT */
/*
 * The other functions that the shim replaces, and those beside them that it
 * must not disturb: output as of family.c, the same with and without.  The
 * setuid family needs root to say more than EPERM.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void say(const char *what, long r)
{
	printf("%s: %ld%s%s\n", what, r, r < 0 ? ", " : "",
	       r < 0 ? strerror(errno) : "");
	fflush(stdout);
}

/* Zero, two, six arguments; a failure's errno; one that returns twice. */
static void system_calls(void)
{
	char *page;
	long r;
	int fd;

	say("getpid", syscall(SYS_getpid) == getpid());
	say("close", syscall(SYS_close, -1));
	say("unknown", syscall(100000));
	say("dup", syscall(SYS_dup3, 1, 50, O_CLOEXEC));
	fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	page = (char *)syscall(SYS_mmap, NULL, 4096L, (long)PROT_READ,
			       (long)MAP_PRIVATE, (long)fd, 0L);
	say("mmap of six", page != MAP_FAILED && !memcmp(page, "\177ELF", 4));
	page = (char *)syscall(SYS_mmap, NULL, 4096L, (long)PROT_READ,
			       (long)MAP_PRIVATE, (long)fd, 1L);
	say("mmap at an odd offset", page == MAP_FAILED ? -1 : 1);
	r = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (r == 0)
		_exit(9);
	say("clone that forks", waitpid((pid_t)r, &fd, 0) == r);
	say("  its status", fd);
}

static void spawns(void)
{
	char *args[] = { "sh", "-c", "exit 4", NULL };
	int status = -1;
	pid_t pid;
	FILE *f;

	say("system", system("exit 3"));
	f = popen("echo from popen", "r");
	say("popen", f && fgetc(f) == 'f');
	say("pclose", f ? pclose(f) : -1);
	say("posix_spawn", posix_spawnp(&pid, "sh", NULL, NULL, args, environ));
	waitpid(pid, &status, 0);
	say("  its status", status);
	say("posix_spawn of nothing",
	    posix_spawn(&pid, "/no/such", NULL, NULL, args, environ));
}

static int clone_child(void *arg)
{
	*(int *)arg += 1;
	return 5;
}

/* libc's answer, or how the child ended. */
static void say_clone(const char *what, int (*fn)(void *), void *stack)
{
	int status;
	pid_t pid = clone(fn, stack, CLONE_FS | SIGCHLD, NULL);

	if (pid > 0 && waitpid(pid, &status, 0) == pid)
		say(what, status);
	else
		say(what, pid);
}

static void *thread(void *arg)
{
	return (char *)arg + 1;
}

static void creations(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	int n = 0, status = 0;
	void *value = NULL;
	pthread_attr_t attr;
	pid_t tid = 0, pid;
	pthread_t t;

	say("pthread_create", pthread_create(&t, NULL, thread, &n));
	pthread_join(t, &value);
	say("  its value", value == (char *)&n + 1);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 1UL << 62);
	say("pthread_create of too much",
	    pthread_create(&t, &attr, thread, &n));
	pid = clone(clone_child, stack + sizeof(stack),
		    CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | SIGCHLD,
		    &n, &tid);
	say("clone", waitpid(pid, &status, 0) == pid && tid == pid);
	say("  its status", status);
	say("  what it wrote", n);
	pid = clone(clone_child, stack + sizeof(stack), CLONE_FS | SIGCHLD,
		    &n);
	say("clone with FS", waitpid(pid, &status, 0) == pid);
	say("  its status", status);
	say("  what it wrote", n);
	say_clone("clone of no function", NULL, stack + sizeof(stack));
#ifdef __GLIBC__ /* musl writes there */
	say_clone("clone without a stack", clone_child, NULL);
#endif
	say("clone of nonsense", clone(clone_child, stack + sizeof(stack),
				       CLONE_THREAD | CLONE_FS, &n));
}

static void *asleep(void *arg)
{
	for (;;)
		pause();
	return arg;
}

/* Each in a child of its own, with a thread that has to follow. */
static void setuid_family(int threaded)
{
	gid_t groups[] = { 7, 8, 9 };
	int i, status;
	pthread_t t;

	for (i = 0; i < 10; i++) {
		fflush(stdout);
		if (fork()) {
			wait(&status);
			continue;
		}
		if (threaded)
			pthread_create(&t, NULL, asleep, NULL);
		switch (i) {
		case 0: say("setuid", setuid(1001)); break;
		case 1: say("setgid", setgid(1002)); break;
		case 2: say("seteuid", seteuid(1003)); break;
		case 3: say("setegid", setegid(1004)); break;
		case 4: say("setreuid", setreuid(-1, 1005)); break;
		case 5: say("setregid", setregid(1006, -1)); break;
		case 6: say("setresuid", setresuid(1007, 1008, 1009)); break;
		case 7: say("setresgid", setresgid(1010, -1, 1011)); break;
		case 8: say("setgroups", setgroups(3, groups)); break;
		case 9: say("initgroups", initgroups("root", 12)); break;
		}
		fflush(stdout);
		if (system("sed -n '/^[UGu]id\\|^Groups/p' /proc/$PPID/status;"
			   "sed -n '/^[UGu]id\\|^Groups/p' "
			   "/proc/$PPID/task/*/status | sort -u"))
			_exit(1);
		say("again", setuid(1));
		_exit(0);
	}
}

/* The usual daemon's child: vfork, setuid, exec; the parent stays root. */
static void vfork_setuid(void)
{
	uid_t before = geteuid();
	int status = 0;
	pid_t pid;

	pid = vfork();
	if (pid == 0) {
		if (setgid(1000) == 0 && setuid(1000) == 0)
			execlp("id", "id", "-u", (char *)NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	say("vfork, setuid, exec", status);
	say("the parent's euid is as it was", geteuid() == before);
}

int main(void)
{
	pthread_t t;

	system_calls();
	spawns();
	creations();
	setuid_family(0);
	setuid_family(1);
	vfork_setuid();
	pthread_create(&t, NULL, asleep, NULL);
	vfork_setuid();
	creations();
	return 0;
}
