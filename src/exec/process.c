/* SPDX-License-Identifier: MIT */
/*
 * A seccomp filter may kill for any system call that its author did not think
 * of, so the order of the questions matters: one that every program start
 * asks comes first, and a process that is alone is asked nothing else.
 */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lockpage.h"
#include "procstatus.h"
#include "startcalls.h"
#include "sys.h"

/* glibc's since 2.32: false from its first pthread_create() on. */
extern char __libc_single_threaded __attribute__((weak));

/* What libc cannot know: a thread was made by clone(2) with our knowledge. */
static int has_cloned;

void cx_process_note_clone(void)
{
	__atomic_store_n(&has_cloned, 1, __ATOMIC_RELAXED);
}

/*
 * The link count of a task directory is 2 plus the number of threads
 * (proc_task_getattr in fs/proc/base.c), so one look counts them and needs no
 * buffer.  A directory of that name that is none of procfs (in a chroot) has a
 * size.
 */
static int count_tasks(void)
{
	struct sys_file task = { 0 };

	if (cx_startcalls_stat("/proc/self/task", &task) < 0 ||
	    !S_ISDIR(task.mode) || task.size != 0 || task.links < 3)
		return 0;
	return (int)task.links - 2;
}

/*
 * No /proc.  libc's word comes before any system call, for in a chroot with a
 * filter (online judges) all that follow may be answered by a kill.  A thread
 * that was made behind libc's back and ours, by the bare system call, is not
 * seen here.
 */
static enum process_threads look_without_proc(void)
{
	if (&__libc_single_threaded && __libc_single_threaded &&
	    !__atomic_load_n(&has_cloned, __ATOMIC_RELAXED))
		return PROCESS_ALONE;
	/* A thread that is not the first has the first beside it, or had: in
	   neither case is it a vfork child. */
	return sys_gettid() != sys_getpid() ? PROCESS_THREADED :
					      PROCESS_UNKNOWN;
}

struct process cx_process_look(void)
{
	struct process p = { .threads = PROCESS_THREADED };
	int tasks = count_tasks();

	p.is_stat_honest = tasks > 0 && cx_startcalls_stat_is_stat();
	if (tasks == 1)
		p.threads = PROCESS_ALONE;
	else if (tasks == 0)
		p.threads = look_without_proc();
	return p;
}

/*
 * unshare(CLONE_THREAD) changes nothing: it answers 0 if the caller is the
 * only thread of its group and EINVAL if not, exactly, without /proc, and in
 * children of fork and vfork too.
 */
static enum process_threads ask_for_threads(void)
{
	int r = sys_unshare(CLONE_THREAD);

	if (r == 0)
		return PROCESS_ALONE;
	return r == -EINVAL ? PROCESS_THREADED : PROCESS_UNKNOWN;
}

/*
 * prctl(PR_GET_SECCOMP) would be quicker, but lists of allowed system calls
 * that were made by watching a program (nsjail, minijail) lack it and kill,
 * while each program that is started opens and reads files.
 */
void cx_process_ask(struct process *p)
{
	struct cx_procstatus status;
	long mode;
	int r;

	if (p->is_asked)
		return;
	p->is_asked = 1;
	r = cx_procstatus_read(&status);
	/* No descriptor is free, say: as if there were a filter. */
	p->filtered = r == 0 ? status.seccomp != 0 : 1;
	p->filters = r == 0 ? (uint32_t)status.filters : 0;
	if (r == -EACCES)
		p->filters = FILTERS_UNSEEN;
	p->traced = r == 0 && status.tracer != 0;
	if (r != -ENOENT && r != -ENOTDIR)
		return;
	p->filters = 0;
	/* EINVAL: a kernel without seccomp.  Any other error is a filter. */
	mode = sys_prctl(PR_GET_SECCOMP, 0, 0);
	p->filtered = mode != 0 && mode != -EINVAL;
	if (!p->filtered && p->threads == PROCESS_UNKNOWN)
		p->threads = ask_for_threads();
}

/*
 * glibc tells the kernel of each thread's list of robust mutexes when the
 * thread begins, and the kernel forgets it in every child, so a thread that
 * has one is none of vfork's.  musl mostly does not, and there the pid that
 * the lock's page was first used by has to tell.
 */
int cx_process_is_maybe_vfork(void)
{
	void *list = NULL;
	size_t size;
	int pid;
	long r;

	r = arch_syscall3(SYS_get_robust_list, 0, (long)&list, (long)&size);
	if (r == 0 && list)
		return 0;
	pid = cx_lockpage_owner();
	return pid == 0 || pid != sys_getpid();
}

/* __WALL: tracees, and children that were made with another signal. */
int cx_process_is_childless(void)
{
	return (int)arch_syscall6(SYS_waitid, P_ALL, 0, 0,
				  WEXITED | WSTOPPED | WCONTINUED | WNOHANG |
					  WNOWAIT | __WNOTHREAD | __WALL,
				  0, 0) == -ECHILD;
}
