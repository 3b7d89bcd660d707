/* SPDX-License-Identifier: MIT */
#include "exec.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>

#include "execlock.h"
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

/*
 * One way for good: no system call shares a fs again.  Where a filter is in
 * force it may kill for the question, so a child asks first.
 */
static int make_fs_private(const struct process *p)
{
	int r;

	if (p->filtered && !cx_trial_unshare_works())
		return -EPERM;
	r = sys_unshare(CLONE_FS);
	if (r == 0)
		private_in = sys_getpid();
	return r;
}

static int attempt(struct cx_attempt *a, enum exec_means means,
		   enum cx_reason reason, exec_witness *witness)
{
	if (witness)
		witness(means, reason, a);
	return cx_attempt(a);
}

/* The normal way and its fall-backs; the lock is held. */
static int attempt_protected(struct cx_attempt *a, const struct process *p,
			     enum cx_strategy strategy, exec_witness *witness)
{
	enum cx_reason reason = CX_REASON_FIRST_CHOICE;
	int r;

	if (strategy == CX_AUTO || strategy == CX_UNSHARE) {
		if (make_fs_private(p) == 0)
			return attempt(a, EXEC_UNSHARE, reason, witness);
		reason = CX_REASON_UNSHARE_REFUSED;
	}
	if (strategy == CX_AUTO || strategy == CX_HELPER) {
		/* Told before it is known: afterwards there is no one left. */
		if (witness)
			witness(EXEC_HELPER, reason, a);
		r = cx_helper_exec(a);
		if (r != HELPER_UNAVAILABLE)
			return r;
		reason = CX_REASON_HELPER_REFUSED;
	}
	return attempt(a, EXEC_LOCK, reason, witness);
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

/*
 * Perhaps a child of vfork, whose memory is its parent's: no lock and no
 * helper.  A private fs is its own already, and if it is no such child after
 * all, that is what protects it, where the caller does not mind.  (private_in
 * is the one thing written, and a child's pid in it says nothing to the
 * parent.)
 */
static int attempt_borrowed(struct cx_attempt *a, const struct process *p,
			    int doomed, enum cx_strategy strategy,
			    exec_witness *witness)
{
	if (!doomed && (strategy == CX_AUTO || strategy == CX_UNSHARE))
		make_fs_private(p);
	return attempt(a, EXEC_BORROWED, CX_REASON_FIRST_CHOICE, witness);
}

int cx_exec(struct cx_attempt *a, enum cx_strategy strategy,
	    exec_witness *witness)
{
	struct process p = cx_process_look();
	int doomed, r;

	if (p.threads == PROCESS_ALONE)
		return attempt(a, EXEC_ALONE, CX_REASON_FIRST_CHOICE, witness);
	doomed = is_check_only(a) ||
		 (strategy != CX_LOCK && cx_forecast_fails(a, p.filtered));
	if (p.threads == PROCESS_UNKNOWN && cx_process_is_borrowed())
		return attempt_borrowed(a, &p, doomed, strategy, witness);
	cx_execlock_lock();
	if (doomed)
		r = attempt(a, EXEC_DOOMED, CX_REASON_FIRST_CHOICE, witness);
	else
		r = attempt_protected(a, &p, strategy, witness);
	cx_execlock_unlock();
	return r;
}

int cx_exec_before(enum cx_strategy strategy)
{
	struct process p = cx_process_look();
	int r;

	if (p.threads == PROCESS_ALONE ||
	    (p.threads == PROCESS_UNKNOWN && cx_process_is_borrowed()))
		return 0;
	r = cx_execlock_lock();
	if (strategy == CX_UNSHARE)
		make_fs_private(&p);
	return r;
}

void cx_exec_preview(enum cx_strategy strategy, struct cx_status *status)
{
	struct process p = cx_process_look();

	status->alone = p.threads == PROCESS_ALONE;
	status->reason = CX_REASON_FIRST_CHOICE;
	status->in_force = CX_LOCK;
	if (strategy == CX_AUTO || strategy == CX_UNSHARE) {
		if (!p.filtered || cx_trial_unshare_works()) {
			status->in_force = CX_UNSHARE;
			return;
		}
		status->reason = CX_REASON_UNSHARE_REFUSED;
	}
	if (strategy == CX_AUTO || strategy == CX_HELPER) {
		if (cx_helper_exec(NULL) == 0)
			status->in_force = CX_HELPER;
		else
			status->reason = CX_REASON_HELPER_REFUSED;
	}
}
