/* SPDX-License-Identifier: MIT */
#include "exec.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>

#include "arguments.h"
#include "copies.h"
#include "forecast.h"
#include "helper.h"
#include "lockpage.h"
#include "process.h"
#include "sys.h"
#include "trial.h"

/*
 * The process in which this thread made its fs private; 0 if it did not.  A
 * pid and not a flag, since a fork child inherits the variable but not the
 * meaning: it shares its fs with nobody to begin with.
 */
static __thread int private_in;

int cx_exec_fs_is_private(void)
{
	return private_in != 0 && private_in == sys_getpid();
}

static int prefers_unshare(enum cx_strategy s)
{
	return s == CX_AUTO || s == CX_UNSHARE;
}

static int prefers_helper(enum cx_strategy s)
{
	return s == CX_AUTO || s == CX_HELPER;
}

/*
 * What a trial has found, and under how many filters: while they are no more,
 * the answer is the same.  A trial is a fork, which takes a large process as
 * long as it is large, and a program may exec again and again for nothing.  (A
 * child of vfork may write here: it has its parent's filters, and a truth.)
 *
 * Where the number may not be read (Landlock) the answer is kept as well.  A
 * filter that is added later can't be seen there, and an exec of this thread
 * dies if that one kills for what an earlier one was free to call.  But such a
 * process has hidden /proc from itself before, and then an exec of this thread
 * has failed, before it has added a filter that allows execve: whoever makes a
 * sandbox in this order does not exec in between.  A process that is refused
 * each exec by Landlock itself forks for each one otherwise.
 */
static __thread struct {
	uint32_t filters;
	uint8_t set, works;
} tried;

static int try_means(const struct process *p, int set)
{
	int works;

	if (p->filters && tried.filters == p->filters && tried.set == set)
		return tried.works;
	works = cx_trial(set);
	/* Where nothing works something may yet, in another namespace say. */
	tried.filters = works ? p->filters : 0;
	tried.set = (uint8_t)set;
	tried.works = (uint8_t)works;
	return works;
}

/*
 * Which of the means that the strategy names may be taken, in bits of
 * trial.h.  Where a filter is in force it may kill for them, so a child tries
 * them first.  And a tracer that does not follow threads would lose the process
 * to the helper.
 */
static int find_means(struct process *p, enum cx_strategy s)
{
	int set = 0;

	if (s == CX_LOCK)
		return 0;
	cx_process_ask(p);
	if (prefers_unshare(s))
		set |= TRIAL_UNSHARE;
	if (prefers_helper(s) && !p->traced)
		set |= TRIAL_HELPER;
	return set && p->filtered ? try_means(p, set) : set;
}

/* One way for good: no system call shares a fs again. */
static int make_fs_private(int means, int pid)
{
	int r;

	if (!(means & TRIAL_UNSHARE))
		return -EPERM;
	r = sys_unshare(CLONE_FS);
	if (r == 0)
		private_in = pid;
	return r;
}

static void tell_log(const struct cx_attempt *a, enum exec_means means)
{
	if (a->log)
		a->log(a, means);
}

static int attempt_by(struct cx_attempt *a, enum exec_means means)
{
	tell_log(a, means);
	return cx_attempt(a);
}

/* The fs is made private when the wait for regions is over: what they have done
   to it (a chroot, say) is for this exec, too.  1: it can't be. */
static int attempt_by_unshare(struct cx_attempt *a, int means)
{
	int r = 1;

	if (!(means & TRIAL_UNSHARE))
		return 1;
	cx_copies_lock(EXECLOCK_NO_REGION);
	if (make_fs_private(means, cx_lockpage_pid()) == 0)
		r = attempt_by(a, EXEC_UNSHARE);
	cx_copies_unlock();
	return r;
}

static int attempt_by_lock(struct cx_attempt *a)
{
	int r;

	cx_copies_lock(EXECLOCK_NOBODY);
	r = attempt_by(a, EXEC_LOCK);
	cx_copies_unlock();
	return r;
}

static int attempt_by_helper(struct cx_attempt *a, int means)
{
	int r;

	if (!(means & TRIAL_HELPER))
		return HELPER_UNAVAILABLE;
	a->is_inexact = a->log && !cx_process_is_childless();
	cx_copies_lock(EXECLOCK_NO_REGION);
	r = cx_helper_exec(a);
	cx_copies_unlock();
	return r;
}

/*
 * The normal way and its fall-backs.  With a fs of its own, the thread's or
 * the helper's, an exec and the creations beside it cannot harm each other: the
 * kernel counts and refuses those only that share its fs (check_unsafe_exec()
 * and copy_fs()).  So they are not kept out, and an exec that takes long (a
 * dead server's file) holds up nobody.  On a shared fs all are.
 */
static int attempt_protected(struct cx_attempt *a, struct process *p)
{
	int r, means = find_means(p, a->strategy);

	if (prefers_unshare(a->strategy)) {
		r = attempt_by_unshare(a, means);
		if (r <= 0)
			return r;
		a->reason = CX_REASON_UNSHARE_REFUSED;
	}
	if (prefers_helper(a->strategy)) {
		r = attempt_by_helper(a, means);
		if (r != HELPER_UNAVAILABLE)
			return r;
		a->reason = CX_REASON_HELPER_REFUSED;
	}
	return attempt_by_lock(a);
}

/*
 * Perhaps a child of vfork, whose memory is its parent's: no lock and no
 * helper.  A private fs is its own already, and if it is no such child after
 * all, that is what protects it, where the caller does not mind.  (Only
 * private_in and `tried` are written: a child's pid in the first says nothing
 * to the parent, and what the second says is true of the parent, too.)
 */
static int attempt_in_maybe_vfork(struct cx_attempt *a, struct process *p)
{
	if (prefers_unshare(a->strategy))
		make_fs_private(find_means(p, CX_UNSHARE), sys_getpid());
	return attempt_by(a, EXEC_MAYBE_VFORK);
}

/*
 * A check executes nothing, so there are no privileges to lose; but on a
 * shared fs it refuses other threads' clones like an exec.  The lock helps
 * the guarded ones, and a private fs would be a high price for a question.
 */
static int is_check_only(const struct cx_attempt *a)
{
	return a->is_at && (a->flags & AT_EXECVE_CHECK);
}

static enum forecast foresee(struct cx_attempt *a, struct process *p)
{
	if (is_check_only(a))
		return FORECAST_ARGUMENTS;
	return a->strategy == CX_LOCK ? FORECAST_OPEN : cx_forecast(a, p);
}

/*
 * A kernel that reads the arguments first tells nothing of the file.  What is
 * certain without it is answered without it: no exec is made at all, except for
 * arguments that it refuses.  1: it is not certain, or not such a kernel.
 */
static int answer_without_exec(struct cx_attempt *a)
{
	if (!a->foreseen || !cx_attempt_reads_first())
		return 1;
	return cx_arguments_check(a->argv, a->envp) < 0 ? cx_attempt(a) :
							  a->foreseen;
}

/*
 * No unprotected exec can succeed here, also if somebody puts a file in place
 * after the forecast has looked: the kernel is asked for its errno by a call
 * that has no environment to execute anything with.  1: there is a file after
 * all.  Memcheck would report the pointer, and valgrind has no helper.
 */
static int attempt_doomed(struct cx_attempt *a, enum forecast forecast)
{
	struct cx_search begin = a->search;
	int r;

	if (forecast == FORECAST_ARGUMENTS || arch_on_valgrind())
		return cx_attempt(a);
	r = cx_attempt_without_envp(a);
	if (r != -EFAULT)
		return r;
	a->search = begin;
	return answer_without_exec(a);
}

/*
 * Kernels before 6.8 refuse the creations beside it while they look for the
 * file, and today's those beside a check.  Regions are kept out for that, too:
 * what is created in them is guarded by nothing else.
 */
static int attempt_doomed_under_lock(struct cx_attempt *a,
				     enum forecast forecast, int maybe_vfork)
{
	int r;

	if (!maybe_vfork)
		cx_copies_lock(EXECLOCK_NOBODY);
	r = attempt_doomed(a, forecast);
	if (!maybe_vfork)
		cx_copies_unlock();
	if (r <= 0)
		tell_log(a, EXEC_DOOMED);
	return r;
}

static int is_maybe_vfork(const struct process *p)
{
	return p->threads == PROCESS_UNKNOWN && cx_process_is_maybe_vfork();
}

int cx_exec(struct cx_attempt *a)
{
	struct process p = cx_process_look();
	enum forecast forecast;
	int maybe_vfork, r = 1;

	if (p.threads == PROCESS_ALONE)
		return attempt_by(a, EXEC_ALONE);
	forecast = foresee(a, &p);
	maybe_vfork = is_maybe_vfork(&p);
	if (forecast != FORECAST_OPEN)
		r = attempt_doomed_under_lock(a, forecast, maybe_vfork);
	if (r <= 0)
		return r;
	return maybe_vfork ? attempt_in_maybe_vfork(a, &p) :
			     attempt_protected(a, &p);
}

int cx_exec_before(enum cx_strategy strategy)
{
	struct process p = cx_process_look();
	int r, means;

	if (p.threads == PROCESS_ALONE || is_maybe_vfork(&p))
		return 0;
	means = strategy == CX_UNSHARE ? find_means(&p, CX_UNSHARE) : 0;
	if (!(means & TRIAL_UNSHARE))
		return cx_copies_lock(EXECLOCK_NOBODY);
	/* (That it was private once is not enough: it may have made a thread
	   since.) */
	r = cx_copies_lock(EXECLOCK_NO_REGION);
	if (make_fs_private(means, sys_getpid()) == 0)
		return r;
	cx_copies_unlock();
	return cx_copies_lock(EXECLOCK_NOBODY);
}

void cx_exec_after(void)
{
	/* What looks like a vfork child's own hold is its parent's. */
	if (cx_lockpage_owner() == sys_getpid())
		cx_copies_unlock();
}

void cx_exec_preview(enum cx_strategy strategy, struct cx_exec_preview *out)
{
	struct process p = cx_process_look();
	int means = find_means(&p, strategy);

	cx_process_ask(&p);
	out->alone = p.threads == PROCESS_ALONE;
	out->exact = 1;
	out->reason = CX_REASON_FIRST_CHOICE;
	out->in_force = CX_LOCK;
	if (prefers_unshare(strategy)) {
		if (means & TRIAL_UNSHARE) {
			out->in_force = CX_UNSHARE;
			return;
		}
		out->reason = CX_REASON_UNSHARE_REFUSED;
	}
	if (prefers_helper(strategy)) {
		if ((means & TRIAL_HELPER) && cx_helper_rehearse()) {
			out->in_force = CX_HELPER;
			out->exact = out->alone || cx_process_is_childless();
		} else {
			out->reason = CX_REASON_HELPER_REFUSED;
		}
	}
}
