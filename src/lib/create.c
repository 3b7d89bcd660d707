/* SPDX-License-Identifier: MIT */
/* Both ways in which a program creates threads, under the shared side. */
/* The build hides everything else. */
#pragma GCC visibility push(default)
#include "clonexec.h"
#pragma GCC visibility pop

#include <sched.h>
#include <stdarg.h>
#include <sys/types.h>

#include "copychild.h"
#include "execlock.h"
#include "process.h"

int cx_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
		      void *(*start)(void *), void *arg)
{
	int r;

	cx_execlock_enter(EXECLOCK_CREATIONS);
	r = pthread_create(thread, attr, start, arg);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	return r;
}

int cx_clone(int (*fn)(void *), void *stack, int flags, void *arg, ...)
{
	struct cx_copychild child = { fn, arg };
	pid_t *parent_tid, *child_tid;
	void *tls;
	va_list ap;
	int r;

	/* Read like libc's own wrapper: it passes all three whatever the
	   flags are, and the kernel ignores what they do not name. */
	va_start(ap, arg);
	parent_tid = va_arg(ap, pid_t *);
	tls = va_arg(ap, void *);
	child_tid = va_arg(ap, pid_t *);
	va_end(ap);

	/* (A vfork lasts until its child execs: no creation takes so long.) */
	if (!(flags & CLONE_FS) || (flags & CLONE_VFORK))
		return clone(fn, stack, flags, arg, parent_tid, tls, child_tid);
	if (flags & CLONE_THREAD)
		cx_process_note_clone();
	/* (libc refuses one that is NULL.) */
	if (fn && !(flags & CLONE_VM)) {
		fn = cx_copychild_start;
		arg = &child;
	}
	cx_execlock_enter(EXECLOCK_CREATIONS);
	r = clone(fn, stack, flags, arg, parent_tid, tls, child_tid);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	return r;
}
