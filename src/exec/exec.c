/* SPDX-License-Identifier: MIT */
#include "exec.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>

#include "arguments.h"
#include "copies.h"
#include "forecast.h"
#include "helper.h"
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
 * long as it is large, and a program may exec in vain again and again.  (A
 * child of vfork may write here: it has its parent's filters, and a truth.)
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
static int make_fs_private(int means)
{
	int r;

	if (!(means & TRIAL_UNSHARE))
		return -EPERM;
	r = sys_unshare(CLONE_FS);
	if (r == 0)
		private_in = sys_getpid();
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

/* The normal way and its fall-backs; the lock is held. */
static int attempt_protected(struct cx_attempt *a, struct process *p)
{
	int r, means = find_means(p, a->strategy);

	if (prefers_unshare(a->strategy)) {
		if (make_fs_private(means) == 0)
			return attempt_by(a, EXEC_UNSHARE);
		a->reason = CX_REASON_UNSHARE_REFUSED;
	}
	if (prefers_helper(a->strategy)) {
		a->is_inexact = a->log && !cx_process_is_childless();
		r = means & TRIAL_HELPER ? cx_helper_exec(a) :
					   HELPER_UNAVAILABLE;
		if (r != HELPER_UNAVAILABLE)
			return r;
		a->reason = CX_REASON_HELPER_REFUSED;
	}
	return attempt_by(a, EXEC_LOCK);
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
		make_fs_private(find_means(p, CX_UNSHARE));
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

	if (forecast == FORECAST_ARGUMENTS || arch_on_valgrind()) {
		r = cx_attempt(a);
	} else {
		r = cx_attempt_without_envp(a);
		if (r == -EFAULT) {
			a->search = begin;
			r = answer_without_exec(a);
		}
		if (r > 0)
			return 1;
	}
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
	if (!maybe_vfork)
		cx_copies_lock();
	if (forecast != FORECAST_OPEN)
		r = attempt_doomed(a, forecast);
	if (r > 0)
		r = maybe_vfork ? attempt_in_maybe_vfork(a, &p) :
				  attempt_protected(a, &p);
	if (!maybe_vfork)
		cx_copies_unlock();
	return r;
}

int cx_exec_before(enum cx_strategy strategy)
{
	struct process p = cx_process_look();
	int r;

	if (p.threads == PROCESS_ALONE || is_maybe_vfork(&p))
		return 0;
	r = cx_copies_lock();
	if (strategy == CX_UNSHARE)
		make_fs_private(find_means(&p, CX_UNSHARE));
	return r;
}

void cx_exec_after(void)
{
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
