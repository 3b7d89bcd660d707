/* SPDX-License-Identifier: MIT */
/*
 * clonexec: exec made safe for threaded programs on Linux.
 *
 * The problem.  While one thread of a process calls execve(2), another one
 * may be inside clone(2).  Linux (fs/exec.c, check_unsafe_exec;
 * kernel/fork.c, copy_fs) then does two things; clonexec(7) says up to
 * which version:
 *
 *  - a set-user-ID, set-group-ID or file-capability program is started
 *    WITHOUT its privileges, and nothing says so;
 *  - the thread creation fails with EAGAIN, though no limit is reached.
 *
 * The remedy, in the order in which most programs need it:
 *
 *	#include <clonexec.h>
 *	cx_execvp("sudo", argv);		 instead of execvp()
 *	cx_pthread_create(&t, NULL, f, arg);	 instead of pthread_create()
 *
 * The first line alone keeps the privileges, whoever creates threads.  The
 * second keeps thread creation out of the way of an exec under every
 * strategy, also where the kernel refuses the others.
 *
 * Conventions.  Every function here follows the libc function whose name it
 * carries: arguments, return value and errno.  All of them may be called
 * from any thread and, unless said otherwise, from a signal handler and in the
 * child of a fork(2).  None of them prints, exits, allocates memory or is a
 * cancellation point, except that cx_pthread_create and cx_clone call libc
 * functions that may.  Times are milliseconds of CLOCK_MONOTONIC.  Everything
 * is here since 0.1.0, unless it says otherwise.
 *
 * Words.  A thread's fs is what the kernel calls so: its working directory,
 * root directory and umask, which the threads of a process share; a private fs
 * is one that nothing else uses.  A creation of a thread is guarded if it is by
 * cx_pthread_create() or cx_clone(), or between the hooks below.
 */
#ifndef CLONEXEC_H
#define CLONEXEC_H

#include <pthread.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* That of this header; the library that is loaded may be a later one. */
#define CX_VERSION "0.2.0"

/* ---- Exec ------------------------------------------------------------- */

/*
 * The exec family, each with the arguments, return value and errno of its
 * libc namesake; see execve(2), exec(3), fexecve(3) and execveat(2).
 *
 * On success they do not return.  The new program gets the privileges that
 * its file grants, whatever the other threads do, and it sees what it would
 * have seen after the plain call; under CX_HELPER (which CX_AUTO takes where
 * unshare(2) is refused) with exceptions, because the kernel sees the
 * calling thread end:
 *  - its children that have set PR_SET_PDEATHSIG get their signal,
 *  - processes that it traces are let go,
 *  - its perf_event_open(2) counters stop, and CLOCK_THREAD_CPUTIME_ID
 *    starts anew.
 * cx_status() says whether this thread has children or tracees.  A process
 * with one thread gets the plain call, bit for bit, after a look at
 * /proc/self/task by system calls that its libc makes when a program starts
 * (newfstatat with glibc 2.33 to 2.38, otherwise open or openat, fstat and
 * close), and so does a child of vfork(2).
 *
 * On failure they return -1 with the errno of execve(2), the exec lock is
 * free again and the caller is as it was, with one exception.  Where
 *  - the strategy in force is CX_UNSHARE (CX_AUTO's normal way), and
 *  - the failure is one that cannot be foreseen without opening the file
 *    (docs/failing-execs.md has them all, with their tests):
 *    ENOEXEC, an interpreter (of a script or an ELF file) that is missing or
 *    not executable, ETXTBSY, ENOMEM, a refusal by a security module, EAGAIN
 *    for a user with too many processes, EINVAL for unknown flags, an
 *    argument list within two pages of its limit, too many scripts of
 *    scripts (ELOOP), EIO and the like; under a seccomp filter, and before
 *    Linux 6.8 (except for 5.8), EACCES for a file that others may execute or
 *    on a noexec mount; and under valgrind E2BIG, and EFAULT for an argument,
 * this thread keeps a working directory, root directory and umask of its
 * own: chdir(2) elsewhere in the process is no longer seen by it.
 * cx_status() says so.  Threads that it creates later share that with it.
 * If that is unacceptable, use CX_HELPER, which never changes the caller.
 *
 * Threads: the calling thread is one of libc's, or has its thread-local
 * memory.  If several threads call at once, one wins and the others end
 * with the old program, as with execve(2).  Signals: may be called from a
 * handler, also one that interrupted a guarded thread creation or another
 * exec.  The wait for what an exec keeps out is bounded: cx_set_timeout().  It
 * takes that long where a handler that execs has interrupted what another
 * thread's exec waits for: neither can go on.
 * While an exec by the helper runs and then fails, a handler may run on the
 * helper thread: on a stack of its own of 2 MB, or for SA_ONSTACK 512 KB,
 * with the caller's thread-local variables and another tid.  User ids, group
 * ids, capabilities, no_new_privs and the signal mask that it changes are
 * changed in the caller as well.  What else belongs to a thread is lost: its
 * working directory and umask, which are private there, seccomp(2) filters,
 * prctl(2), setfsuid(2), the capability bounding set, scheduling, timers and
 * signals for the thread.  It must not leave by longjmp(3), and a child that
 * it forks has to exec or to _exit(2): one that returns from the handler has
 * no thread to go on with, and is killed by SIGKILL.
 * Memory: the arguments and the environment are read before the call, so a
 * page of them that another thread unmaps meanwhile ends the process, where
 * execve(2) would answer EFAULT; not under CX_LOCK.
 * System calls: docs/deploying.md lists those that each function makes, for
 * programs that run under a seccomp(2) filter.  There, the first exec of a
 * thread by another strategy than CX_LOCK costs a fork(2), which takes long
 * where the process is large: a child tries what is allowed.  (The same where
 * /proc/thread-self/status cannot be read, as under Landlock.)  It needs memory
 * for page tables, some 1.5 MB for each GB of the process, and what is written
 * meanwhile is copied: at the limit of a memory cgroup the kernel may kill for
 * it.  With userfaultfd(2) and UFFD_FEATURE_EVENT_FORK it waits until somebody
 * reads the event.  CX_LOCK does without.  A filter that
 * kills for clone(2) but was installed after threads had been created, or that
 * kills for a fork only, kills an exec by CX_AUTO, CX_UNSHARE or CX_HELPER;
 * CX_LOCK makes no such call.
 * Stack: 2 KB, under CX_LOCK some 1 KB, also for an exec that fails; plain
 * execve needs less than 512 bytes.  (Where libc's functions are bound lazily,
 * the first call of either takes the loader 3 KB more.)
 * cx_execvp and friends search like the libc that the library was built
 * against, with its default path and its fall-back to /bin/sh.
 */
int cx_execve(const char *path, char *const argv[], char *const envp[]);
int cx_execv(const char *path, char *const argv[]);
int cx_execvp(const char *file, char *const argv[]);
int cx_execvpe(const char *file, char *const argv[], char *const envp[]);
int cx_execl(const char *path, const char *arg, ... /*, NULL */);
int cx_execlp(const char *file, const char *arg, ... /*, NULL */);
int cx_execle(const char *path, const char *arg,
	      ... /*, NULL, char *const envp[] */);
int cx_fexecve(int fd, char *const argv[], char *const envp[]);
int cx_execveat(int dirfd, const char *path, char *const argv[],
		char *const envp[], int flags);

/* ---- Thread creation -------------------------------------------------- */

/*
 * pthread_create(3) under the shared side of the exec lock: it does not
 * fail with EAGAIN because of an exec through this library, and no exec
 * loses its privileges because of it.  Creations run side by side, also beside
 * an exec with a fs of its own (auto, unshare, helper), however long that
 * takes.  One that meets another exec (lock, and an exec that is foreseen to
 * fail) waits for its end, at most as long as cx_set_timeout() says, and then
 * goes on and gets the kernel's own answer.  Returns 0 or an error number.
 * In a signal handler only where pthread_create(3) may be called there.
 */
int cx_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
		      void *(*start)(void *), void *arg);

/*
 * clone(2) as glibc and musl wrap it.  Takes the shared side of the exec
 * lock if the flags contain CLONE_FS and not CLONE_VFORK, else it is the plain
 * call.  The optional arguments are those of libc's wrapper:
 *	pid_t *parent_tid, void *tls, pid_t *child_tid
 * and count as far as the flags name them.  Returns the thread's id, or -1 with
 * the errno of clone(2).
 */
int cx_clone(int (*fn)(void *), void *stack, int flags, void *arg, ...);

/* ---- Hooks for runtimes that make the system calls themselves --------- */

/*
 * Around a clone(2) with CLONE_FS that makes a thread, and around nothing else:
 * what cx_pthread_create() does around pthread_create(3).  All that is said
 * below of the other pair is true of this one; but an exec with a fs of its own
 * does not keep it out, so neither waits for the other.  Since 0.2.0.
 */
void cx_before_thread_create(void);
void cx_after_thread_create(void);

/*
 * Around what must not run beside any exec, which waits for it: every
 * setuid(2), setgid(2), setgroups(2) and the like, if execs may run at the same
 * time.  (There libc sends a signal to all threads, 33 in glibc and 34 in musl;
 * if that meets an exec, the NEW program is killed by it.)  And around a
 * clone(2) of which nobody knows what else is done with it: that is kept out of
 * every exec, too.
 *
 * The pair may nest.  Between the two calls the thread may fork, exec, be
 * interrupted by handlers that do either, and even leave by longjmp(3) or
 * be killed; the last two cost the next exec one bounded wait, and a thread
 * that jumped no longer waits for execs when it creates threads.  If the
 * thread forks (or clones a copy of itself) in between, parent and child
 * each call cx_after_clone() or never return.  Both calls of a pair are made
 * by one thread: where another one makes the second, each of the two may wait
 * for an exec, as long as cx_set_timeout() says, in a pair inside a pair.
 * Not in a vfork(2) child, where no other thread is in danger.  errno is left
 * alone.
 */
void cx_before_clone(void);
void cx_after_clone(void);

/*
 * Around an execve(2) that the caller makes itself: keeps out what is between
 * the hooks above, and guarded creations.  Under strategy CX_UNSHARE the
 * calling thread's file system context is made private instead of the latter,
 * where it can be: then no creation does harm, guarded or not.  Under the other
 * strategies those that are not guarded do, so prefer cx_execve().
 *
 * cx_before_exec returns 0, or -1 with errno ETIMEDOUT if what it keeps out or
 * another exec was still inside after the bounded wait; either way the lock is
 * taken.
 * If the exec failed, call cx_after_exec() from the same thread; it leaves
 * errno alone.  In a process with one thread and in a vfork(2) child both
 * do nothing.  Nested pairs do not count: the inner cx_after_exec() releases
 * the lock for the outer pair as well.
 */
int cx_before_exec(void);
void cx_after_exec(void);

/* ---- For set-id programs, which others start ---------------------------- */

/*
 * For a program whose file is set-user-ID or set-group-ID or has file
 * capabilities, and which cannot know whether whoever starts it does so
 * through this library.  Call it first in main, with main's arguments:
 *
 *	cx_regain(argc, argv);
 *
 * If what the file grants is missing, as the race leaves it, the program is
 * executed once more through /proc/self/exe, with main's arguments and the
 * environment as it is now, and main begins anew; the kernel then decides
 * again, for a process that has one thread.  Never more than once.  Returns
 *   0  nothing is missing, or the file grants nothing;
 *   1  nothing is missing any more: this is the second try;
 *  -1  something is missing, or it cannot be told, and the program goes on
 *      as it would have.  errno: EPERM the kernel does not want to give it
 *      (no_new_privs, a nosuid mount, a tracer, a file system context that
 *      another process shares: that one costs a second try); EINVAL no
 *      argv[0]; ENOENT or EACCES no /proc, or not the kernel's; EMFILE or
 *      ENFILE no descriptor to open it with; or what execveat(2) says.
 * errno is left alone by 0 and 1.
 *
 * What differs after a second try: AT_EXECFN ends in "/self/./exe", what
 * constructors have done is done again, and descriptors that they opened with
 * O_CLOEXEC are closed.  The name in /proc/PID/comm is set to argv[0]'s base
 * name again.  What the caller had and the file does not grant (an effective
 * id that was not its real one) went with the first exec and stays lost.
 *
 * A program that has given up its privileges for good gets them back: so call
 * it before that, or not at all.  Ids that were put aside (seteuid(2)) are
 * seen to be there.  Threads: if there are some already, the exec is that of
 * cx_execveat(), with a file system context of its own.  Not for signal
 * handlers and not after fork(2) or vfork(2).
 *
 * Sources: cap_bprm_creds_from_file in the kernel's security/commoncap.c for
 * what is granted and for AT_SECURE after the race; SECURITY.md for what an
 * attacker gains (nothing).
 */
int cx_regain(int argc, char *const argv[]);

/* ---- Settings and state ----------------------------------------------- */

enum cx_strategy {
	CX_AUTO,	/* unshare; where it is refused helper; else lock */
	CX_UNSHARE,	/* exec with a private fs; where refused, lock */
	CX_HELPER,	/* exec from a helper thread with a private fs, so
			   that a failed exec never costs the caller its
			   shared one; where that is not possible, lock */
	CX_LOCK		/* plain execve under the exec lock: protects from
			   guarded creators only */
};

/*
 * Sets the strategy of the whole process, from the next exec on.  Returns 0,
 * or -1 with errno EINVAL.  The initial one is CX_AUTO unless the library
 * was built otherwise.  Inherited by fork(2), not by exec.
 */
int cx_set_strategy(enum cx_strategy strategy);

/*
 * cx_before_exec() under a strategy of the caller's choice, for a runtime that
 * shares the process with code that chooses another: the strategy of the
 * process is neither used nor changed.  With CX_UNSHARE the context is made
 * private wherever unshare(2) is allowed; the three others take the lock and
 * no more, so an exec that fails costs the thread nothing.  In addition
 * returns -1 with errno EINVAL for a strategy that is not known; then the lock
 * is not taken.  Ended by cx_after_exec().  Since 0.2.0.
 */
int cx_before_exec_with(enum cx_strategy strategy);

/*
 * Sets how long an exec waits for what it keeps out (regions between the hooks
 * and, without a fs of its own, guarded creations), and that for an exec:
 * 2000 milliseconds by default, 0 never to wait, at most 3600000 (an hour).
 * Returns 0, or -1 with errno EINVAL.  For the whole process, from the next
 * wait on.  Inherited by fork(2), not by exec.
 */
int cx_set_timeout(unsigned int milliseconds);

enum cx_reason {
	CX_REASON_FIRST_CHOICE,	  /* nothing stands in the way */
	CX_REASON_UNSHARE_REFUSED,/* unshare(CLONE_FS) is refused here */
	CX_REASON_HELPER_REFUSED  /* the helper thread cannot be made, or is
				     not safe here; under CX_AUTO unshare is
				     refused as well */
};

struct cx_status {
	size_t size;			/* set it to sizeof(struct cx_status) */
	enum cx_strategy asked;		/* as set by cx_set_strategy() */
	enum cx_strategy in_force;	/* what an exec would use now */
	enum cx_reason reason;		/* why in_force is not asked's first */
	int alone;			/* 1: the process has one thread, so
					   an exec now is the plain one */
	int fs_private;			/* 1: a failed exec has left this
					   thread with its own cwd, root and
					   umask.  (Threads that it has created
					   since share these, but report 0.) */
	int exact;			/* since 0.2.0.  0: in_force is
					   CX_HELPER, and this thread has
					   children or traces processes, which
					   may notice its end (see above);
					   else 1 */
	int strangers;			/* since 0.2.0.  Copies of this library
					   whose guarded creators an exec by
					   this one cannot keep out: those that
					   dlopen(3) brought, except for this
					   one itself */
};

/*
 * Tells what an exec by the calling thread would do now.  It finds out by
 * trying: where a seccomp filter is in force, unshare(2) in a child process
 * that ends at once (it sends no SIGCHLD), and where that is refused a
 * helper thread.  So it costs up to a fork(2).  Returns 0, or -1 with errno
 * EINVAL if size is not known or status is NULL.  A program that was built
 * with an older header passes that header's size, and gets no more.  Not for
 * signal handlers, nor for the child that a process with threads has forked: it
 * asks the loader for what is loaded, which may take a lock.
 */
int cx_status(struct cx_status *status);

#ifdef __cplusplus
}
#endif

#endif /* CLONEXEC_H */
