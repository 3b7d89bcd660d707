/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "helper.h"
#include "sys.h"

/*
 * A filter may kill for a system call, and only a process of its own dies
 * alone: a thread takes its group with it, and before Linux 5.16 a core dump
 * also took all that shared the memory, so a vfork child will not do.
 *
 * The child's exit signal is 0, so the program gets no SIGCHLD and its own
 * wait() does not see the child.  A wait with __WALL in another thread may
 * take the exit status away: the answer stands in shared memory instead.
 *
 * Nothing of the program's happens in the child.  All signals are blocked, or
 * one that is sent to the process group would run a handler there, which might
 * jump into the program.  It shares the descriptors, or its end would close
 * copies of them, and file systems are told of each close (FUSE, NFS).  And a
 * tracer is not offered it.
 */
enum {
	CHILD_FLAGS = CLONE_FILES | CLONE_UNTRACED,
	PAUSE_NS = 50000,
	PAUSE_MAX_NS = 2000000,
	/* Some two seconds: a child that is stopped holds the exec up for no
	   longer. */
	LOOKS_MAX = 1000,
};

/* In memory that the child shares with us. */
struct answer {
	uint32_t under_way; /* what the child died of, if it is dead */
	uint32_t works;
	uint32_t is_complete;
};

/* Release, for hear(): what is said last comes last. */
static void tell(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

static uint32_t hear(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static void try(struct answer *answer, int set)
{
	if (set & TRIAL_UNSHARE) {
		tell(&answer->under_way, TRIAL_UNSHARE);
		if (sys_unshare(CLONE_FS) == 0) {
			tell(&answer->works, TRIAL_UNSHARE);
			return;
		}
	}
	if (set & TRIAL_HELPER) {
		tell(&answer->under_way, TRIAL_HELPER);
		cx_helper_rehearse();
		tell(&answer->works, TRIAL_HELPER);
	}
	tell(&answer->under_way, 0);
}

static void child_of_trial(struct answer *answer, int set)
{
	/* No core of it, also where a program takes cores (limit 1 says so); by
	   a call that every program start makes, since a filter that kills for
	   another one would hide the answer. */
	static const uint64_t no_core[2] = { 1, 1 };
	const sys_sigset all = ~(sys_sigset)0;

	sys_sigmask(SIG_SETMASK, &all, NULL);
	arch_syscall6(SYS_prlimit64, 0, RLIMIT_CORE, (long)no_core, 0, 0, 0);
	try(answer, set);
	tell(&answer->is_complete, 1);
	for (;;)
		arch_syscall3(SYS_exit_group, 0, 0, 0);
}

/*
 * Until the child has been waited for: one that is left would be a zombie of
 * the new program's.  If somebody else waits for it, or nobody may, until it
 * has said all.  It takes as long as a fork, so the sleeps between the looks
 * begin shorter than that.
 */
static void reap(long pid, const struct answer *answer)
{
	uint32_t pause = PAUSE_NS;
	int status, looks;
	long r;

	for (looks = 0; looks < LOOKS_MAX; looks++) {
		r = arch_syscall6(SYS_wait4, pid, (long)&status,
				  __WALL | WNOHANG, 0, 0, 0);
		if (r > 0 || (r < 0 && hear(&answer->is_complete)))
			return;
		sys_sleep(pause);
		if (pause < PAUSE_MAX_NS)
			pause *= 2;
	}
}

/* All signals are blocked before the child is there.  Except for SIGSYS: with
   it, a filter that sends one for clone (SECCOMP_RET_TRAP) would end us. */
static void try_in_child(struct answer *answer, int set)
{
	sys_sigset most = ~((sys_sigset)1 << (SIGSYS - 1)), mask;
	long pid;

	sys_sigmask(SIG_SETMASK, &most, &mask);
	pid = sys_fork(CHILD_FLAGS);
	if (pid == 0)
		child_of_trial(answer, set);
	sys_sigmask(SIG_SETMASK, &mask, NULL);
	if (pid > 0)
		reap(pid, answer);
}

/*
 * After unshare(CLONE_NEWPID) the next child is the first process of a
 * namespace, which ends with it: the program could make none any more.  Until
 * there is one, the second of these links has no target on Linux 6.18 and
 * before; on 7.2 and later it always has one, and nothing tells whether the
 * namespace has a process.
 */
static int would_end_namespace(void)
{
	struct sys_file ns = { 0 }, children = { 0 };
	int r;

	if (sys_stat(AT_FDCWD, "/proc/thread-self/ns/pid", &ns, 0) < 0)
		return 0;
	r = sys_stat(AT_FDCWD, "/proc/thread-self/ns/pid_for_children",
		     &children, 0);
	return r == -ENOENT || (r == 0 && children.inode != ns.inode);
}

int cx_trial(int set)
{
	struct answer *answer;
	uint32_t works, under_way;

	if (would_end_namespace())
		return 0;
	answer = sys_mmap(sizeof *answer, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS);
	if (sys_mmap_failed(answer))
		return 0;
	do {
		tell(&answer->under_way, 0);
		try_in_child(answer, set);
		works = hear(&answer->works);
		under_way = hear(&answer->under_way);
		/* A child that died of the one has not come to the next. */
		set &= under_way == TRIAL_UNSHARE ? ~TRIAL_UNSHARE : 0;
	} while (!works && set);
	sys_munmap(answer, sizeof *answer);
	return (int)works;
}
