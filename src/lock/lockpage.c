/* SPDX-License-Identifier: MIT */
#include "lockpage.h"

#include <sys/mman.h>

#include "door.h"
#include "sys.h"

/* What `marked` says; 0 is not yet. */
enum { MARKED = 1, MARK_REFUSED };

union cx_execlock cx_execlock;

void cx_lockpage_mark(void)
{
	int r;

	if (__atomic_load_n(&cx_execlock.marked, __ATOMIC_ACQUIRE))
		return;
	r = sys_madvise(&cx_execlock, sizeof cx_execlock, MADV_WIPEONFORK);
	/* Then the pid has to tell a child from its parent. */
	if (r < 0)
		__atomic_store_n(&cx_execlock.pid, (uint32_t)sys_getpid(),
				 __ATOMIC_RELAXED);
	__atomic_store_n(&cx_execlock.marked, r < 0 ? MARK_REFUSED : MARKED,
			 __ATOMIC_RELEASE);
}

static int is_wiped_by_fork(void)
{
	return __atomic_load_n(&cx_execlock.marked, __ATOMIC_ACQUIRE) == MARKED;
}

static void reset(struct execlock *lock, uint32_t own)
{
	__atomic_store_n(&lock->holder, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&lock->waiting, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&lock->state, own * EXECLOCK_ONE, __ATOMIC_RELEASE);
}

/* The pid is exchanged before anything is read: a page that is first read and
   then written to costs two faults. */
void cx_lockpage_reset_if_inherited(enum execlock_kind kind, uint32_t own,
				    uint32_t pid)
{
	uint32_t owner =
		__atomic_exchange_n(&cx_execlock.pid, pid, __ATOMIC_ACQ_REL);

	if (owner == pid || owner == 0 || is_wiped_by_fork())
		return;
	reset(&cx_execlock.of[kind], own);
	reset(&cx_execlock.of[!kind], 0);
}

int cx_lockpage_may_be_inherited(void)
{
	return cx_lockpage_owner() != 0 && !is_wiped_by_fork();
}

/* One compare-and-swap does it all, so nobody finds the work half done, and
   it cannot be done twice. */
void cx_lockpage_initialise(struct execlock *lock, uint32_t inside,
			    uint32_t flags)
{
	uint32_t s = __atomic_load_n(&lock->state, __ATOMIC_ACQUIRE);

	while (!(s & EXECLOCK_READY))
		if (__atomic_compare_exchange_n(
			    &lock->state, &s,
			    (s + inside * EXECLOCK_ONE) | flags, 0,
			    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			break;
}

int cx_lockpage_owner(void)
{
	return (int)__atomic_load_n(&cx_execlock.pid, __ATOMIC_RELAXED);
}

int cx_lockpage_pid(void)
{
	const int owner = cx_lockpage_owner();

	return owner && is_wiped_by_fork() ? owner : sys_getpid();
}
