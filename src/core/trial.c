/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "sys.h"

/*
 * A filter may kill for unshare, and only a process of its own dies alone: a
 * thread takes its group with it, and before Linux 5.16 a core dump also took
 * whoever shared the memory, so a vfork child will not do.
 *
 * The child's exit signal is 0, so the program gets no SIGCHLD and its own
 * wait() does not see the child.  A wait with __WALL in another thread may
 * take the exit status away: the answer stands in shared memory instead.
 */
int cx_trial_unshare_works(void)
{
	volatile int *works;
	long pid;
	int answer, status;

	works = sys_mmap(sizeof *works, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS);
	if (sys_mmap_failed((const void *)works))
		return 0;
	pid = arch_syscall6(SYS_clone, 0, 0, 0, 0, 0, 0);
	if (pid == 0) {
		sys_prctl(PR_SET_DUMPABLE, 0, 0); /* no core file of it */
		if (sys_unshare(CLONE_FS) == 0)
			*works = 1;
		for (;;)
			arch_syscall3(SYS_exit_group, 0, 0, 0);
	}
	while (pid > 0 &&
	       arch_syscall6(SYS_wait4, pid, (long)&status, __WALL, 0, 0,
			     0) == -EINTR)
		;
	answer = *works;
	sys_munmap((void *)works, sizeof *works);
	return answer;
}
