/* SPDX-License-Identifier: MIT */
/*
 * The functions that must not run beside an exec, or beside some: they take
 * the shared side of an exec lock around libc's.  The rules are those of
 * interpose.c.
 *
 * Nothing of libc's may be changed for a program under CLONEXEC_DISABLE, so
 * that it can tell who is to blame; one look at the configuration decides.
 */
#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config.h"
#include "copychild.h"
#include "execcall.h"
#include "execlock.h"
#include "interpose.h"
#include "next.h"
#include "process.h"
#include "sys.h"

#define EXPORT __attribute__((visibility("default")))

/* ---- Thread creation -------------------------------------------------- */

/* Nearly every thread: keeps it from failing with EAGAIN for an exec. */
EXPORT int pthread_create(pthread_t *restrict thread,
			  const pthread_attr_t *restrict attr,
			  void *(*start)(void *), void *restrict arg)
{
	int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *),
		    void *);
	int r;

	next = (__typeof__(next))next_function(NEXT_PTHREAD_CREATE);
	if (!next)
		return ENOSYS;
	config_keep();
	if (config_get().disable)
		return next(thread, attr, start, arg);
	cx_execlock_enter(EXECLOCK_CREATIONS);
	r = next(thread, attr, start, arg);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	return r;
}

/*
 * Runtimes that make their threads themselves.  The optional arguments are
 * read as libc's own wrapper reads them: all three whatever the flags are.
 */
static int guarded_clone(int (*fn)(void *), void *stack, int flags, void *arg,
			 ...)
{
	int (*next)(int (*)(void *), void *, int, void *, ...);
	struct cx_copychild child = { fn, arg };
	pid_t *parent_tid, *child_tid;
	va_list ap;
	void *tls;
	int r;

	va_start(ap, arg);
	parent_tid = va_arg(ap, pid_t *);
	tls = va_arg(ap, void *);
	child_tid = va_arg(ap, pid_t *);
	va_end(ap);

	next = (__typeof__(next))next_function(NEXT_CLONE);
	if (!next)
		return execcall_answer(-ENOSYS);
	/* (A vfork lasts until its child execs: no creation takes so long.) */
	if (!(flags & CLONE_FS) || (flags & CLONE_VFORK) ||
	    config_get().disable)
		return next(fn, stack, flags, arg, parent_tid, tls, child_tid);
	if (flags & CLONE_THREAD)
		cx_process_note_clone();
	/* (libc refuses one that is NULL.) */
	if (fn && !(flags & CLONE_VM)) {
		fn = cx_copychild_start;
		arg = &child;
	}
	cx_execlock_enter(EXECLOCK_CREATIONS);
	r = next(fn, stack, flags, arg, parent_tid, tls, child_tid);
	cx_execlock_leave(EXECLOCK_CREATIONS);
	return r;
}

/* ---- The setuid family ------------------------------------------------ */

/*
 * In a threaded process they signal every thread (33 in glibc, 34 in musl),
 * and if that meets an exec, the new program is killed by it.  With one
 * thread there is nobody to be met; in a child of vfork, which is the usual
 * place for these, nothing must be touched either.
 */
static int must_guard(void)
{
	enum process_threads threads;

	if (config_is_disabled())
		return 0;
	threads = cx_process_look().threads;
	/* With one thread environ is not looked at. */
	if (threads == PROCESS_ALONE ||
	    (threads == PROCESS_UNKNOWN && cx_process_is_maybe_vfork()))
		return 0;
	return !config_get().disable;
}

static int guard(void)
{
	int guarded = must_guard();

	if (guarded)
		cx_execlock_enter(EXECLOCK_REGIONS);
	return guarded;
}

/* One definition is like the other. */
#define SETXID(name, NEXT, parameters, ...)                                  \
	static int guarded_##name parameters                                 \
	{                                                                    \
		int(*next)                                                   \
			parameters = (int(*) parameters)next_function(NEXT); \
		int guarded, r;                                              \
                                                                             \
		if (!next)                                                   \
			return execcall_answer(-ENOSYS);                     \
		guarded = guard();                                           \
		r = next(__VA_ARGS__);                                       \
		if (guarded)                                                 \
			cx_execlock_leave(EXECLOCK_REGIONS);                 \
		return r;                                                    \
	}

/* Daemons that give up root while a thread execs. */
SETXID(setuid, NEXT_SETUID, (uid_t uid), uid)
SETXID(setgid, NEXT_SETGID, (gid_t gid), gid)
/* Servers that act for a user for a while. */
SETXID(seteuid, NEXT_SETEUID, (uid_t uid), uid)
SETXID(setegid, NEXT_SETEGID, (gid_t gid), gid)
/* The older way to swap the two. */
SETXID(setreuid, NEXT_SETREUID, (uid_t ruid, uid_t euid), ruid, euid)
SETXID(setregid, NEXT_SETREGID, (gid_t rgid, gid_t egid), rgid, egid)
/* Those who want to be sure that there is no way back. */
SETXID(setresuid, NEXT_SETRESUID, (uid_t ruid, uid_t euid, uid_t suid), ruid,
       euid, suid)
SETXID(setresgid, NEXT_SETRESGID, (gid_t rgid, gid_t egid, gid_t sgid), rgid,
       egid, sgid)
/* Broadcasts, too. */
SETXID(setgroups, NEXT_SETGROUPS, (size_t n, const gid_t *list), n, list)

/* ---- initgroups ------------------------------------------------------- */

/* glibc sets as many groups as the kernel takes, musl refuses more than its
   NGROUPS_MAX. */
enum { GROUPS_MAX = 65536, GROUPS_MAX_OF_MUSL = 32 };

typedef int set_fn(size_t n, const gid_t *list);
typedef int list_fn(const char *user, gid_t group, gid_t *groups, int *n);
typedef int init_fn(const char *user, gid_t group);

/* musl tries once, glibc leaves out one after the other until it fits. */
static int set_groups(set_fn *set, size_t n, const gid_t *list)
{
	int guarded = guard(), r;

	do
		r = set(n, list);
	while (r < 0 && execcall_is_glibc() && execcall_error() == EINVAL &&
	       --n > 0);
	if (guarded)
		cx_execlock_leave(EXECLOCK_REGIONS);
	return r;
}

/* An exec waits for both halves; what may fail, fails as libc's own does. */
static int init_groups_at_once(init_fn *next, const char *user, gid_t group)
{
	int guarded = guard(), r = next(user, group);

	if (guarded)
		cx_execlock_leave(EXECLOCK_REGIONS);
	return r;
}

/* 0: no list of at most n groups, and nothing is set. */
static int list_and_set(list_fn *list, set_fn *set, const char *user,
			gid_t group, gid_t *groups, int n, int *r)
{
	if (list(user, group, groups, &n) < 0)
		return 0;
	*r = set_groups(set, (size_t)n, groups);
	return 1;
}

/* In memory of its own: a thread's stack may have no room for the list. */
static int list_and_set_many(list_fn *list, set_fn *set, const char *user,
			     gid_t group, int *r)
{
	size_t size = GROUPS_MAX * sizeof(gid_t);
	gid_t *groups = sys_mmap(size, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS);
	int done;

	if (sys_mmap_failed(groups))
		return 0;
	done = list_and_set(list, set, user, group, groups, GROUPS_MAX, r);
	sys_munmap(groups, size);
	return done;
}

/*
 * libc's own asks for the groups (a directory on the network, for seconds
 * perhaps) and then sets them, by a function of its own that does not come by
 * here.  Only the second half has to be kept out of an exec, so in a process
 * with threads the two are done one after the other.
 */
static int init_groups(init_fn *next, const char *user, gid_t group,
		       list_fn *list, set_fn *set)
{
	gid_t few[GROUPS_MAX_OF_MUSL];
	int done, r = -1;

	if (execcall_is_glibc())
		done = list_and_set_many(list, set, user, group, &r);
	else
		done = list_and_set(list, set, user, group, few,
				    GROUPS_MAX_OF_MUSL, &r);
	return done ? r : init_groups_at_once(next, user, group);
}

/* Daemons that become a user.  libc's two halves are libc's own, too: it would
   ask no other preload for them. */
static int guarded_initgroups(const char *user, gid_t group)
{
	init_fn *next = (init_fn *)next_function(NEXT_INITGROUPS);
	list_fn *list;
	set_fn *set;

	if (!next)
		return execcall_answer(-ENOSYS);
	list = (list_fn *)next_in_libc(NEXT_GETGROUPLIST);
	set = (set_fn *)next_in_libc(NEXT_SETGROUPS);
	if (!list || !set || !must_guard())
		return next(user, group);
	return init_groups(next, user, group, list, set);
}

/* ---- Which is whose --------------------------------------------------- */

void *guarded_function(unsigned int number)
{
	switch (number) {
	case INTERPOSE_CLONE:
		return (void *)guarded_clone;
	case INTERPOSE_SETUID:
		return (void *)guarded_setuid;
	case INTERPOSE_SETGID:
		return (void *)guarded_setgid;
	case INTERPOSE_SETEUID:
		return (void *)guarded_seteuid;
	case INTERPOSE_SETEGID:
		return (void *)guarded_setegid;
	case INTERPOSE_SETREUID:
		return (void *)guarded_setreuid;
	case INTERPOSE_SETREGID:
		return (void *)guarded_setregid;
	case INTERPOSE_SETRESUID:
		return (void *)guarded_setresuid;
	case INTERPOSE_SETRESGID:
		return (void *)guarded_setresgid;
	case INTERPOSE_SETGROUPS:
		return (void *)guarded_setgroups;
	default:
		return (void *)guarded_initgroups;
	}
}
