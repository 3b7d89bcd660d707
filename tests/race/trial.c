/* SPDX-License-Identifier: MIT */
/*
 * The child in which unshare is tried where a filter is in force: it stands
 * still inside unshare(2) while the tests look at it.  Nothing of the program
 * runs in it, it has no descriptors of its own, and an exec does not wait for
 * it for ever.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clonexec.h>

#include "filter.h"
#include "tap.h"

static struct {
	pid_t program;
	int runs, foreign;	/* of the handler */
} *seen;

static void count(int sig)
{
	(void)sig;
	__atomic_add_fetch(&seen->runs, 1, __ATOMIC_RELAXED);
	if (getpid() != seen->program)
		__atomic_add_fetch(&seen->foreign, 1, __ATOMIC_RELAXED);
}

static void *idle(void *arg)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	for (;;)
		pause();
	return arg;
}

/* A process with two threads whose descriptor of the filter is in `listener`;
   it goes into unshare and ends with what its exec says. */
static pid_t start(void (*act)(void), int *listener)
{
	struct sigaction sa = { .sa_handler = count, .sa_flags = SA_RESTART };
	int pair[2], fd;
	pthread_t t;
	pid_t pid;

	seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(seen != MAP_FAILED && pipe2(pair, O_CLOEXEC) == 0, "start");
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		seen->program = getpid();
		sigaction(SIGUSR1, &sa, NULL);
		pthread_create(&t, NULL, idle, NULL);
		fd = filter_stop(SYS_unshare);
		if (write(pair[1], &fd, sizeof fd) != sizeof fd)
			_exit(99);
		act();
		_exit(98);
	}
	check(read(pair[0], &fd, sizeof fd) == sizeof fd, "no filter");
	/* Its own descriptor, for it is in unshare itself. */
	*listener = (int)syscall(SYS_pidfd_getfd,
				 (int)syscall(SYS_pidfd_open, pid, 0), fd, 0);
	if (*listener < 0)
		tap_skip("pidfd_getfd: %s", strerror(errno));
	return pid;
}

static void ours(void)
{
	cx_execl("/bin/true", "true", (char *)NULL);
}

/* What a library could do that does not think of it. */
static void careless(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, 0, 0, 0, 0, 0);

	if (pid == 0) {
		syscall(SYS_unshare, CLONE_FS);
		syscall(SYS_exit_group, 0);
	}
	waitpid(pid, NULL, __WALL);
	execl("/bin/true", "true", (char *)NULL);
}

static pid_t child_of(int listener, unsigned long long *id)
{
	return filter_wait_pid(listener, id);
}

/* Goes on until the process has ended; each further unshare is let through. */
static int end(pid_t pid, int listener)
{
	int status, i;

	for (i = 0; i < 2000; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		filter_continue_any(listener, 10);
	}
	check(0, "it does not end");
	return -1;
}

/* Returns how many handlers ran in the child. */
static int handlers(void (*act)(void))
{
	unsigned long long id;
	int listener, status;
	pid_t pid = start(act, &listener);

	child_of(listener, &id);
	kill(-pid, SIGUSR1);
	usleep(20000);
	filter_continue(listener, id);
	status = end(pid, listener);
	check(status == 0, "status %#x", (unsigned int)status);
	check(seen->runs > 0, "no handler ran at all");
	return seen->foreign;
}

static void no_handlers(void)
{
	tap_need_root();
	check(handlers(careless) > 0, "the control: none ran in the child");
	check(handlers(ours) == 0, "a handler ran in the child");
}

static void no_copies(void)
{
	unsigned long long id;
	int listener, status;
	pid_t pid, child;

	tap_need_root();
	pid = start(ours, &listener);
	child = child_of(listener, &id);
	check(child != pid, "it is in unshare itself");
	status = (int)syscall(SYS_kcmp, pid, child, 2 /* KCMP_FILES */, 0, 0);
	if (status < 0)
		tap_skip("kcmp: %s", strerror(errno));
	check(status == 0, "the child has descriptors of its own");
	/* The control: another child of the test's has. */
	status = (int)syscall(SYS_kcmp, pid, getpid(), 2, 0, 0);
	check(status > 0, "the control: kcmp says %d", status);
	filter_continue(listener, id);
	check(end(pid, listener) == 0, "its end");
}

/*
 * One that is stopped: the exec goes on without an answer.  We inherit it, for
 * a group whose members nobody of the session has for children is orphaned,
 * and the kernel ends what is stopped in it.
 */
static void does_not_wait(void)
{
	unsigned long long id;
	int listener, status;
	pid_t pid, child;

	tap_need_root();
	check(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0, "prctl: %s",
	      strerror(errno));
	pid = start(ours, &listener);
	child = child_of(listener, &id);
	kill(child, SIGSTOP);
	filter_continue(listener, id);
	check(waitpid(pid, &status, 0) == pid && status == 0, "status %#x",
	      (unsigned int)status);
	check(waitpid(child, &status, WNOHANG | __WALL) == 0,
	      "the child has ended: %#x", (unsigned int)status);
	kill(child, SIGKILL);
}

/*
 * After unshare(CLONE_NEWPID) the next child is the first process of the new
 * namespace, and with its end the program can make no others.  The new
 * program makes one.
 */
static int makes_children(int (*execute)(const char *, char *const *))
{
	char *const argv[] = { (char *)"sh", (char *)"-c",
			       (char *)"$(/bin/true); exit 42", NULL };
	int status;
	pthread_t t;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(20);
		cx_set_strategy(CX_AUTO);
		pthread_create(&t, NULL, idle, NULL);
		filter_refuse(SYS_kexec_load, EPERM);
		if (unshare(CLONE_NEWPID) == 0)
			execute("/bin/sh", argv);
		_exit(99);
	}
	check(waitpid(pid, &status, 0) == pid, "waitpid");
	return status == 42 << 8;
}

static int execute_after_child(const char *path, char *const *argv)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
	return execv(path, argv);
}

static void keeps_namespace(void)
{
	tap_need_root();
	check(!makes_children(execute_after_child),
	      "the control: a child makes no difference");
	check(makes_children(execv), "nor does it without us");
	check(makes_children(cx_execv), "the namespace has ended");
}

/* The trials' are among them. */
static long faults_of_children(void)
{
	struct rusage usage;

	check(getrusage(RUSAGE_CHILDREN, &usage) == 0, "getrusage");
	return usage.ru_minflt;
}

/* A file that only the kernel finds to be no program. */
static void make_no_program(char *path)
{
	int fd = mkstemp(path);

	check(fd >= 0 && write(fd, "\1\2\3", 3) == 3 && !fchmod(fd, 0755),
	      "%s: %s", path, strerror(errno));
	close(fd);
}

/* How often a child was made for so many execs that fail in the kernel. */
static int trials_of(int execs, const char *path)
{
	char *const argv[] = { (char *)"x", NULL };
	long before, after;
	int n = 0;

	while (execs-- > 0) {
		before = faults_of_children();
		check(cx_execv(path, argv) < 0 && errno == ENOEXEC, "exec: %s",
		      strerror(errno));
		after = faults_of_children();
		n += after > before;
	}
	return n;
}

static void is_kept(void)
{
	char path[] = "/tmp/cx-trial-XXXXXX";
	int first, filtered;
	pthread_t t;

	make_no_program(path);
	check(pthread_create(&t, NULL, idle, NULL) == 0, "no thread");
	cx_set_strategy(CX_AUTO);
	first = trials_of(5, path);
	filter_that_kills();
	filtered = trials_of(5, path);
	unlink(path);
	check(first == 0, "no filter, and %d trials", first);
	check(filtered == 1, "%d trials under a filter", filtered);
}

/* As Landlock does, or a filter that lets nothing be opened. */
static void is_kept_unseen(void)
{
	char path[] = "/tmp/cx-trial-XXXXXX";
	int unseen;
	pthread_t t;

	make_no_program(path);
	check(pthread_create(&t, NULL, idle, NULL) == 0, "no thread");
	cx_set_strategy(CX_AUTO);
	filter_refuse(SYS_openat, EACCES);
#ifdef SYS_open
	filter_refuse(SYS_open, EACCES);
#endif
	unseen = trials_of(5, path);
	unlink(path);
	check(unseen == 1, "%d trials with the filters unseen", unseen);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "no signal handler runs in it", no_handlers, 60 },
		{ "it shares the descriptors", no_copies, 60 },
		{ "an exec does not wait for one that is stopped",
		  does_not_wait, 60 },
		{ "it is not the first process of a namespace",
		  keeps_namespace, 60 },
		{ "one for all execs of a thread", is_kept, 60 },
		{ "also if filters may not be seen", is_kept_unseen, 60 },
	};

	return tap_main(cases);
}
