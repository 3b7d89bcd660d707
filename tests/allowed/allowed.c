/* SPDX-License-Identifier: MIT */
/*
 * docs/deploying.md lists the system calls that each path makes.  Here each
 * list becomes a filter that kills for anything else, besides what a static
 * program needs to start, and the path is taken under it.  Then the same
 * without one of the list's calls after the other: the process must be killed
 * or, where the list says so, must find another way; a list that is too long
 * fails as one that is too short does.
 *
 * Built twice: with the library, and (BY_SHIM) with libc's functions only, to
 * be run under the shim.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys.h"
#include "tap.h"

#ifdef BY_SHIM
#define EXECVE execve
#define CREATE pthread_create
#else
#include <clonexec.h>
#define EXECVE cx_execve
#define CREATE cx_pthread_create
#endif

enum { CALLS_MAX = 64 };

/* How libc looks at a file when it starts a program (startcalls.h). */
#if defined(SYS_open) && !defined(__GLIBC__)
#define OPEN SYS_open
#else
#define OPEN SYS_openat
#endif
#if !defined(__GLIBC__)
#define LOOKS OPEN, SYS_fstat, SYS_close
#elif __GLIBC_PREREQ(2, 33) && !__GLIBC_PREREQ(2, 39)
#define LOOKS SYS_STAT_CALL
#else
#define LOOKS OPEN, SYS_fstat, SYS_close
#endif

/* What $HELLO needs, a static program, and what starts any other. */
static const long start[] = {
	SYS_execve, SYS_brk, SYS_set_tid_address, SYS_set_robust_list,
	SYS_prlimit64, SYS_readlinkat, SYS_getrandom, SYS_mprotect,
	LOOKS, SYS_write, SYS_exit_group,
#ifdef SYS_rseq
	SYS_rseq,
#endif
#ifdef SYS_arch_prctl
	SYS_arch_prctl,
#endif
#ifdef SYS_readlink
	SYS_readlink,
#endif
};

/* What libc's own pthread_create and pthread_join need. */
static const long libc_thread[] = {
	SYS_mmap, SYS_munmap, SYS_mprotect, SYS_rt_sigprocmask,
	SYS_rt_sigaction, SYS_clone, SYS_madvise, SYS_futex, SYS_exit,
	SYS_getrandom,
#ifdef SYS_clone3
	SYS_clone3,
#endif
};

/* And its setgid: a signal to each thread. */
static const long libc_setxid[] = {
	SYS_setgid, SYS_getpid, SYS_tgkill, SYS_rt_sigreturn, SYS_futex,
	SYS_rt_sigprocmask, SYS_getgid,
#ifndef __GLIBC__
	SYS_tkill, SYS_rt_sigaction, SYS_gettid,
#endif
};

struct call {
	long nr;
	const char *name;
	enum { NEEDED, SPARED, MAYBE } need;
};

#define CALL(name) { SYS_##name, #name, NEEDED }
/* Without it another way is found. */
#define SPARED(name) { SYS_##name, #name, SPARED }
/* Only if somebody is slow is it called. */
#define MAYBE(name) { SYS_##name, #name, MAYBE }

/* ---- The lists: keep docs/deploying.md the same -------------------------- */

static const struct call none[] = { { -1, NULL, NEEDED } };

#define THREADED							\
	{ OPEN, "open", NEEDED }, CALL(read), CALL(close),		\
	CALL(getpid), CALL(gettid), MAYBE(clock_gettime),		\
	{ SYS_STAT_CALL, "newfstatat", NEEDED }

#define FORESEEN CALL(rt_sigprocmask)

#define TRIED								\
	CALL(mmap), CALL(munmap), CALL(clone), CALL(wait4), MAYBE(futex)

static const struct call by_unshare[] = {
	/* The last is the child's, whose end is an answer. */
	THREADED, FORESEEN, TRIED, SPARED(unshare),
	{ -1, NULL, NEEDED }
};

/* No descriptor is free: then there is a filter, and prctl is not asked. */
static const struct call without_descriptors[] = {
	{ OPEN, "open", NEEDED }, CALL(getpid), CALL(gettid),
	MAYBE(clock_gettime),
	{ SYS_STAT_CALL, "newfstatat", NEEDED }, FORESEEN, TRIED,
	SPARED(unshare), { -1, NULL, NEEDED }
};

/* All that is spared is tried in a child; also what only an exec that fails
   needs. */
static const struct call by_helper[] = {
	THREADED, FORESEEN, TRIED, SPARED(prctl), SPARED(rt_sigpending),
	SPARED(sched_getattr), SPARED(getpriority), SPARED(sigaltstack),
	SPARED(exit), SPARED(getresuid), SPARED(getresgid),
	SPARED(getgroups), SPARED(capget), { -1, NULL, NEEDED }
};

static const struct call by_lock[] = {
	/* The first: before the first guarded creation. */
	MAYBE(getpid), CALL(gettid), MAYBE(clock_gettime), { -1, NULL, NEEDED }
};

/* ---- The paths ----------------------------------------------------------- */

static char *const args[] = { (char *)"hello", NULL };
static char *const no_env[] = { NULL };
static const char *hello;

static void *idle(void *arg)
{
	for (;;)
		syscall(SYS_futex, &(int){ 0 }, 0 /* WAIT */, 0, NULL, NULL, 0);
	return arg;
}

static void *nothing(void *arg)
{
	return arg;
}

static void exec_hello(void)
{
	EXECVE(hello, args, no_env);
}

static void create(void)
{
	pthread_t t;

	if (CREATE(&t, NULL, nothing, NULL) == 0 &&
	    pthread_join(t, NULL) == 0)
		syscall(SYS_exit_group, 0);
}

static void set_ids(void)
{
	if (setgid(getgid()) == 0)
		syscall(SYS_exit_group, 0);
}

static const struct path {
	const char *name, *strategy;
	int threads;
	int full;		/* no descriptor is free */
	void (*take)(void);
	const struct call *list;
	const long *more;	/* that libc's own function needs */
	size_t more_size;
} paths[] = {
	{ "alone: nothing", "auto", 0, 0, exec_hello, none, NULL, 0 },
	{ "threads, unshare", "unshare", 1, 0, exec_hello, by_unshare, NULL,
	  0 },
	{ "the same, no descriptor is free", "unshare", 1, 1, exec_hello,
	  without_descriptors, NULL, 0 },
	{ "threads, helper", "helper", 1, 0, exec_hello, by_helper, NULL, 0 },
	{ "threads, auto, and unshare kills", "auto", 1, 0, exec_hello,
	  by_helper, NULL, 0 },
	{ "threads, lock", "lock", 1, 0, exec_hello, by_lock, NULL, 0 },
	{ "pthread_create: nothing but libc's", "auto", 0, 0, create, none,
	  libc_thread, sizeof libc_thread / sizeof *libc_thread },
	{ "setgid: nothing but libc's", "auto", 1, 0, set_ids, none,
	  libc_setxid, sizeof libc_setxid / sizeof *libc_setxid },
	{ "a second one beside a thread: the same", "auto", 1, 0, create, none,
	  libc_thread, sizeof libc_thread / sizeof *libc_thread },
};

/* ---- The filter ---------------------------------------------------------- */

static size_t allow(struct sock_filter *code, size_t n, long nr)
{
	code[n++] = (struct sock_filter)BPF_JUMP(
		BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)nr, 0, 1);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						 SECCOMP_RET_ALLOW);
	return n;
}

/* All of the list but `without`. */
static void install(const struct path *p, long without)
{
	struct sock_filter code[2 * CALLS_MAX + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = { 0, code };
	const struct call *c;
	size_t n = 1, i;

	for (i = 0; i < sizeof start / sizeof *start; i++)
		n = allow(code, n, start[i]);
	for (i = 0; i < p->more_size; i++)
		n = allow(code, n, p->more[i]);
	for (c = p->list; c->name; c++)
		if (c->nr != without)
			n = allow(code, n, c->nr);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						 SECCOMP_RET_KILL_PROCESS);
	program.len = (unsigned short)n;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(99);
}

static int under(const struct path *p, long without)
{
	static const struct rlimit no_files = { 0, 0 };
	int status, i;
	pthread_t t;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(20);
#ifndef BY_SHIM
		for (i = 0; i < 4; i++) {
			static const char *const names[] = {
				"auto", "unshare", "helper", "lock",
			};

			if (!strcmp(p->strategy, names[i]))
				cx_set_strategy((enum cx_strategy)i);
		}
#else
		/* In place: the shim reads what we were started with. */
		strcpy(getenv("CLONEXEC_STRATEGY"), p->strategy);
#endif
		for (i = 0; i < p->threads; i++)
			if (pthread_create(&t, NULL, idle, NULL))
				_exit(98);
		/* What libc does once is not counted. */
		if (p->more && pthread_create(&t, NULL, nothing, NULL) == 0)
			pthread_join(t, NULL);
		if (p->full)
			setrlimit(RLIMIT_NOFILE, &no_files);
		install(p, without);
		p->take();
		_exit(97);
	}
	check(waitpid(pid, &status, 0) == pid, "waitpid");
	return status;
}

/* Or it is another libc's. */
static int is_for_start(long nr)
{
	size_t i;

	for (i = 0; i < sizeof start / sizeof *start; i++)
		if (start[i] == nr)
			return 1;
	return 0;
}

static void take(void)
{
	const struct path *p = &paths[tap_index()];
	const struct call *c;
	int status = under(p, -1), killed;

	check(status == 0, "with the whole list: status %#x",
	      (unsigned int)status);
	for (c = p->list; c->name; c++) {
		if (is_for_start(c->nr))
			continue;
		status = under(p, c->nr);
		killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
		check((killed && c->need != SPARED) ||
			      (status == 0 && c->need != NEEDED),
		      "without %s: status %#x", c->name,
		      (unsigned int)status);
	}
}

int main(void)
{
	enum { PATHS = sizeof paths / sizeof *paths };
	struct tap_case cases[PATHS];
	int i;

	hello = getenv("HELLO");
	if (!hello)
		return 2;
	for (i = 0; i < PATHS; i++)
		cases[i] = (struct tap_case){ paths[i].name, take, 60 };
	return tap_run(cases, PATHS);
}
