/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>

#include "lockpage.h"
#include "procstatus.h"
#include "sys.h"

/*
 * The link count of a task directory is 2 plus the number of threads
 * (proc_task_getattr in fs/proc/base.c), so one look counts them, opens
 * nothing and needs no buffer.
 */
static enum process_threads count_tasks(void)
{
	struct sys_file task;
	uint64_t count = 0;

	if (sys_stat(AT_FDCWD, "/proc/self/task", &task, 0) == 0 &&
	    task.links >= 3)
		count = task.links - 2;
	else if (cx_procstatus_read("Threads:\t", 10, &count) < 0)
		count = 0;
	if (count)
		return count == 1 ? PROCESS_ALONE : PROCESS_THREADED;
	/* No /proc.  A thread that is not the first has the first beside it,
	   or had: in neither case is it a vfork child. */
	return sys_gettid() != sys_getpid() ? PROCESS_THREADED
					    : PROCESS_UNKNOWN;
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
	return r == -EINVAL ? PROCESS_THREADED : count_tasks();
}

struct process cx_process_look(void)
{
	long mode = sys_prctl(PR_GET_SECCOMP, 0, 0);
	struct process p;

	/* EINVAL: a kernel without seccomp.  Any other error is a filter. */
	p.filtered = mode != 0 && mode != -EINVAL;
	/* A filter could kill for unshare, so there the tasks are counted. */
	p.threads = p.filtered ? count_tasks() : ask_for_threads();
	return p;
}

int cx_process_is_borrowed(void)
{
	int pid = cx_lockpage_owner();

	return pid == 0 || pid != sys_getpid();
}
