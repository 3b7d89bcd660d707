/* SPDX-License-Identifier: MIT */
/*
 * When a thread other than the leader execs, the kernel ends all others and
 * gives it the leader's pid.  So the new program is the caller's process, but
 * what the kernel keeps per thread is the helper's.  Most of that a clone
 * inherits; the rest is carried over here, and where it can't be, the helper
 * is unavailable.
 *
 * All of this file runs without instrumentation, and what runs on the helper
 * calls only the kernel: the helper uses the caller's TLS and is unknown to
 * libc.
 */
#include "helper.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "handback.h"
#include "procstatus.h"
#include "sys.h"

/* sched_setattr(2) in its first form; <linux/sched/types.h> clashes with
   libc's <sched.h>. */
struct sched_attributes {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};
enum { POLICY_DEADLINE = 6, FLAG_RESET_ON_FORK = 1 };

/*
 * Never CLONE_FS: that is the point.  CLONE_SYSVSEM, or exec would undo the
 * caller's semaphore adjustments; CLONE_IO, or it would drop its I/O class.
 * clone and not clone3, which container filters answer with ENOSYS.
 */
#define HELPER_FLAGS                                             \
	(CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
	 CLONE_SYSVSEM | CLONE_IO | CLONE_PARENT_SETTID |        \
	 CLONE_CHILD_CLEARTID)

enum {
	/* A handler may run on them, for a moment; clonexec.h says how large
	   they are.  Nothing of them is there before it is used. */
	STACK_SIZE = 2 * 1024 * 1024,
	HANDLER_STACK_SIZE = 512 * 1024,
	SIGNALS_MAX = 1024, /* pending ones that can be carried over */
	SIGINFO_SIZE = 128,
	TRIES = 50,	 /* how often signals may come in between */
	INTERRUPTED = 2, /* a result, like HELPER_UNAVAILABLE */
};

struct signal_info {
	struct sys_siginfo head;
	union {
		struct {
			int timer, overrun;
		};
		long align;
		char rest[SIGINFO_SIZE - 4 * sizeof(int)];
	};
} __attribute__((aligned(8)));

/*
 * On the caller's side of the thread's map: nothing of size may lie on the
 * caller's own stack, which can be a small alternate one.
 */
struct helper {
	struct cx_attempt *attempt; /* NULL: this is only a rehearsal */
	int result;
	uint32_t tid;	       /* 0 again once it has ended */
	sys_sigset mask;       /* the caller's */
	sys_sigset mask_after; /* the same, if no handler changed it */
	struct cx_handback handback;
	char *handler_stack;
	int death_signal;
	unsigned long timer_slack;
	struct sched_attributes sched;
	int resets_on_fork;
	int nice; /* sched_getattr hides it under a real-time policy */
	int is_last_try;
	int pending_count;
	struct signal_info pending[SIGNALS_MAX];
};

/* ---- on the helper ---- */

/* PR_SET_PDEATHSIG and the slack are the thread's, and a clone clears or
   changes them. */
static void take_over_prctls(const struct helper *h)
{
	if (h->death_signal)
		sys_prctl(PR_SET_PDEATHSIG, (unsigned long)h->death_signal, 0);
	sys_prctl(PR_SET_TIMERSLACK, h->timer_slack, 0);
}

/* A thread may send itself any siginfo, also one that looks like a kill. */
static void queue_pending(const struct helper *h, int pid, int tid)
{
	int i;

	for (i = 0; i < h->pending_count; i++)
		arch_syscall6(SYS_rt_tgsigqueueinfo, pid, tid,
			      h->pending[i].head.signo, (long)&h->pending[i], 0,
			      0);
}

/*
 * Signals that came while all were blocked would be handled here, at once,
 * and a handler may think of the thread that it is on (or jump away).  The
 * caller takes them, then tries again.
 */
static int is_interrupted(const struct helper *h)
{
	sys_sigset set = 0;

	return !h->is_last_try &&
	       arch_syscall3(SYS_rt_sigpending, (long)&set, sizeof set, 0) ==
		       0 &&
	       (set & ~h->mask) != 0;
}

/* A thread that was made with CLONE_VM has no alternate stack, and some
   runtimes (Go's) end the program when a handler finds none. */
static void lend_handler_stack(const struct helper *h)
{
	stack_t s = { .ss_sp = h->handler_stack,
		      .ss_size = HANDLER_STACK_SIZE };

	arch_syscall3(SYS_sigaltstack, (long)&s, 0, 0);
}

/*
 * A handler has forked, and this is the child: it has no thread but this one,
 * which is nobody's, and cannot go on with what the caller had to do.  Its
 * parent should not take it for one that has done its work.
 */
static void end_forked_child(const struct helper *h)
{
	if ((uint32_t)sys_gettid() != h->tid)
		arch_syscall3(SYS_kill, sys_getpid(), SIGKILL, 0);
}

static void helper_main(void *arg)
{
	struct helper *h = arg;
	sys_sigset all = ~(sys_sigset)0;

	/* SCHED_RESET_ON_FORK took policy and nice from us.  Without the right
	   to take them back, leave the exec to another means. */
	if (h->resets_on_fork &&
	    (arch_syscall3(SYS_setpriority, PRIO_PROCESS, 0, h->nice) < 0 ||
	     arch_syscall3(SYS_sched_setattr, 0, (long)&h->sched, 0) < 0))
		return;
	take_over_prctls(h);
	if (is_interrupted(h)) {
		h->result = INTERRUPTED;
		return;
	}
	queue_pending(h, sys_getpid(), sys_gettid());
	lend_handler_stack(h);
	if (!h->attempt) {
		h->result = 0;
		cx_handback_look(&h->handback);
		return;
	}
	if (h->attempt->log)
		h->attempt->log(h->attempt, EXEC_HELPER);
	/* Last: from here on handlers may run on this thread.  The new program
	   has the mask of the exec, so they cannot be kept out. */
	sys_sigmask(SIG_SETMASK, &h->mask, NULL);
	h->result = cx_attempt(h->attempt);
	end_forked_child(h);
	sys_sigmask(SIG_SETMASK, &all, &h->mask_after);
	cx_handback_look(&h->handback);
}

/* ---- on the caller ---- */

/* Signal 0 asks whether we could give back what we take. */
static int can_queue(void)
{
	static const struct signal_info none;

	return arch_syscall6(SYS_rt_tgsigqueueinfo, sys_getpid(), sys_gettid(),
			     0, (long)&none, 0, 0) == 0;
}

/* The kernel's own count stops at this limit, too. */
static int add_up(int kept, int more)
{
	return kept > INT_MAX - 1 - more ? INT_MAX : kept + more + 1;
}

/*
 * A timer has one signal pending at most, and takes it for handled when it is
 * fetched: it sends another one while we keep the first.  If both came back,
 * each failed exec would add one.  So the first takes the other's expirations:
 * the overruns, and one for the signal itself.
 */
static int is_kept_already(struct helper *h)
{
	const struct signal_info *latest = &h->pending[h->pending_count];
	struct signal_info *kept;

	for (kept = h->pending; kept < latest; kept++)
		if (latest->head.code == SI_TIMER &&
		    kept->head.code == SI_TIMER &&
		    kept->head.signo == latest->head.signo &&
		    kept->timer == latest->timer) {
			kept->overrun = add_up(kept->overrun, latest->overrun);
			return 1;
		}
	return 0;
}

/*
 * The signals that wait for this very thread, with their siginfo: those that
 * the caller itself blocks, for they wait on in the new program.  Any other has
 * come since we blocked all of them and is the caller's to handle, before the
 * exec: no thread but this one may run its handler, and only once (glibc's
 * signal 33 counts the threads that have had it).
 *
 * sigtimedwait takes those of the thread before those of the process, so it is
 * asked only while status shows some.
 */
static int collect_pending(struct helper *h)
{
	static const struct timespec at_once = { 0, 0 };
	struct cx_procstatus status;
	sys_sigset set = 0;
	long r;

	r = arch_syscall3(SYS_rt_sigpending, (long)&set, sizeof set, 0);
	if (r == 0 && (set & ~h->mask) && !h->is_last_try)
		return INTERRUPTED;
	if (r == 0 && (!h->attempt || !(set & h->mask)))
		return 0; /* neither the thread's nor the process's */
	/* Of MIPS's 128 signals status.pending has the first 64. */
	if (r == 0 && (set & h->mask) != (uint64_t)(set & h->mask))
		return HELPER_UNAVAILABLE;
	for (;;) {
		if (cx_procstatus_read(&status) < 0)
			return HELPER_UNAVAILABLE;
		set = status.pending & h->mask;
		if (set == 0)
			return 0;
		if (h->pending_count == SIGNALS_MAX ||
		    (h->pending_count == 0 && !can_queue()))
			return HELPER_UNAVAILABLE;
		r = arch_syscall6(SYS_rt_sigtimedwait, (long)&set,
				  (long)&h->pending[h->pending_count],
				  (long)&at_once, sizeof set, 0, 0);
		if (r > 0)
			h->pending_count += !is_kept_already(h);
		else if (r != -EINTR && r != -EAGAIN)
			return HELPER_UNAVAILABLE;
	}
}

static int collect_sched(struct helper *h)
{
	long policy;

	if (arch_syscall6(SYS_sched_getattr, 0, (long)&h->sched,
			  sizeof h->sched, 0, 0, 0) < 0) {
		/* A filter.  What it hides may not be lost. */
		policy = arch_syscall3(SYS_sched_getscheduler, 0, 0, 0);
		return policy > 0 && (policy & SCHED_RESET_ON_FORK) ? -1 : 0;
	}
	h->sched.size = sizeof h->sched;
	if (h->sched.policy == POLICY_DEADLINE)
		return -1; /* clone would be refused */
	/* The system call's answer is 20 - nice. */
	h->nice = 20 - (int)arch_syscall3(SYS_getpriority, PRIO_PROCESS, 0, 0);
	h->resets_on_fork = (h->sched.flags & FLAG_RESET_ON_FORK) != 0;
	return 0;
}

/*
 * A clone makes the current slack the child's default as well.  So the clone
 * runs while the current one is the default, and then each side sets its own.
 */
static long clone_helper(struct helper *h, void *stack)
{
	long slack = sys_prctl(PR_GET_TIMERSLACK, 0, 0);
	long r;

	h->timer_slack = slack > 0 ? (unsigned long)slack : 0;
	sys_prctl(PR_SET_TIMERSLACK, 0, 0);
	r = arch_clone(HELPER_FLAGS, stack, (int *)&h->tid, (int *)&h->tid,
		       helper_main, h);
	sys_prctl(PR_SET_TIMERSLACK, h->timer_slack, 0);
	return r;
}

/*
 * As long as the exec takes, like execve itself.  The kernel clears the word
 * and wakes without FUTEX_PRIVATE, so that is how we wait.
 */
static void wait_for_helper(struct helper *h)
{
	uint32_t tid;
	int r;

	while ((tid = __atomic_load_n(&h->tid, __ATOMIC_ACQUIRE)) != 0) {
		r = (int)arch_syscall6(SYS_futex, (long)&h->tid, FUTEX_WAIT,
				       tid, 0, 0, 0);
		if (r < 0 && r != -EAGAIN && r != -EINTR)
			arch_syscall3(SYS_sched_yield, 0, 0, 0);
	}
}

static int run_helper(struct helper *h, void *stack)
{
	sys_sigset all = ~(sys_sigset)0;
	int obstacle;

	h->result = HELPER_UNAVAILABLE;
	h->handback.is_known = 0;
	h->pending_count = 0;
	sys_prctl(PR_GET_PDEATHSIG, (unsigned long)&h->death_signal, 0);
	/* Nobody interrupts us from here on: no handler may jump out of the
	   wait, and none should run while its thread is in two places. */
	sys_sigmask(SIG_SETMASK, &all, &h->mask);
	h->mask_after = h->mask;
	obstacle = collect_sched(h) == 0 ? 0 : HELPER_UNAVAILABLE;
	if (!obstacle)
		obstacle = collect_pending(h);
	if (obstacle)
		h->result = obstacle;
	else if (clone_helper(h, stack) > 0)
		wait_for_helper(h);
	cx_handback_take(&h->handback);
	queue_pending(h, sys_getpid(), sys_gettid());
	sys_sigmask(SIG_SETMASK, &h->mask_after, NULL);
	return h->result;
}

/* From below: a guard page, the handlers' stack, a guard page, the stack, and
   our notes where the stack begins. */
static int with_helper(struct cx_attempt *a)
{
	const size_t stacks =
		(size_t)2 * ARCH_PAGE_MAX + HANDLER_STACK_SIZE + STACK_SIZE;
	size_t size = stacks + sizeof(struct helper) + ARCH_PAGE_MAX - 1;
	struct helper *h;
	int i, r = HELPER_UNAVAILABLE;
	char *map;

	/* Valgrind 3.19 dies of a clone with these flags. */
	if (arch_on_valgrind())
		return HELPER_UNAVAILABLE;
	size &= -(size_t)ARCH_PAGE_MAX;
	map = sys_mmap(size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK);
	if (sys_mmap_failed(map))
		return HELPER_UNAVAILABLE;
	arch_syscall3(SYS_mprotect, (long)map, ARCH_PAGE_MAX, PROT_NONE);
	arch_syscall3(SYS_mprotect,
		      (long)(map + ARCH_PAGE_MAX + HANDLER_STACK_SIZE),
		      ARCH_PAGE_MAX, PROT_NONE);
	h = (struct helper *)(map + stacks);
	h->attempt = a;
	h->handler_stack = map + ARCH_PAGE_MAX;
	for (i = 1; i <= TRIES; i++) {
		h->is_last_try = i == TRIES;
		r = run_helper(h, h);
		if (r != INTERRUPTED)
			break;
	}
	sys_munmap(map, size);
	return r;
}

int cx_helper_exec(struct cx_attempt *a)
{
	return with_helper(a);
}

int cx_helper_rehearse(void)
{
	return with_helper(NULL) == 0;
}
