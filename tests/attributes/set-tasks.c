/* SPDX-License-Identifier: MIT */
/* Scenarios: what prctl and its like set for one thread. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "scenario.h"

int scenario_errno(long r)
{
	return r < 0 ? errno : 0;
}

static int set_prctl(int option, unsigned long value)
{
	return scenario_errno(prctl(option, value, 0, 0, 0));
}

static int nothing(void)
{
	return 0;
}

static int death_signal(void)
{
	return set_prctl(PR_SET_PDEATHSIG, 12 /* SIGUSR2 */);
}

static int slack(void)
{
	return set_prctl(PR_SET_TIMERSLACK, 123456);
}

static int slack_of_thread(void)
{
	return set_prctl(PR_SET_TIMERSLACK, 654321);
}

static int name(void)
{
	return scenario_errno(prctl(PR_SET_NAME, "a name of mine"));
}

static int undumpable(void)
{
	return set_prctl(PR_SET_DUMPABLE, 0);
}

static int no_new_privileges(void)
{
	return set_prctl(PR_SET_NO_NEW_PRIVS, 1);
}

/* There only where gcc's or clang's runtime is linked, which reads the TSC. */
extern void __asan_init(void) __attribute__((weak));

static int no_tsc(void)
{
	if (__asan_init)
		return ENOTSUP;
	return set_prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
}

static int mce_kill(void)
{
	return scenario_errno(prctl(PR_MCE_KILL, PR_MCE_KILL_SET,
				    PR_MCE_KILL_EARLY, 0, 0));
}

static int io_flusher(void)
{
	return set_prctl(57 /* PR_SET_IO_FLUSHER */, 1);
}

static int subreaper(void)
{
	return set_prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static int thp_disable(void)
{
	return set_prctl(PR_SET_THP_DISABLE, 1);
}

static int speculation(void)
{
	return scenario_errno(prctl(PR_SET_SPECULATION_CTRL,
				    PR_SPEC_INDIRECT_BRANCH, PR_SPEC_DISABLE,
				    0, 0));
}

static int keep_capabilities(void)
{
	return set_prctl(PR_SET_KEEPCAPS, 1);
}

static int fixed_addresses(void)
{
	return scenario_errno(personality(ADDR_NO_RANDOMIZE |
					  STICKY_TIMEOUTS));
}

/* A filter of the one thread that allows everything. */
static int own_filter(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K,
					    SECCOMP_RET_ALLOW);
	struct sock_fprog program = { 1, &allow };

	return scenario_errno(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER,
				    &program));
}

static int locked_memory(void)
{
	return scenario_errno(mlockall(MCL_CURRENT | MCL_FUTURE));
}

/* Its clock goes on over an exec. */
static int burnt_time(void)
{
	struct timespec t;

	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	while (t.tv_sec == 0 && t.tv_nsec < 200000000);
	return 0;
}

static int memory_policy(void)
{
	unsigned long node0[16] = { 1 };

	/* MPOL_BIND */
	return scenario_errno(syscall(SYS_set_mempolicy, 2, node0, 1024));
}

static const struct scenario list[] = {
	{ "nothing", NULL, nothing, NULL, BY_PATH },
	{ "nothing, by a relative path", "auxv.execfn", nothing, NULL,
	  BY_RELATIVE_PATH },
	{ "nothing, by a search", NULL, nothing, NULL, BY_SEARCH },
	{ "nothing, by a descriptor", "auxv.execfn", nothing, NULL,
	  BY_DESCRIPTOR },
	{ "nothing, as an interpreter", "argc", nothing, NULL, BY_SCRIPT },
	{ "PR_SET_PDEATHSIG", "prctl.pdeathsig", death_signal, NULL, 0 },
	{ "a timer slack of its own", "prctl.timerslack", slack, NULL, 0 },
	{ "a timer slack and another default", "prctl.timerslack",
	  slack_of_thread, slack, 0 },
	{ "a name of its own", NULL, name, NULL, 0 },
	{ "undumpable", NULL, undumpable, NULL, 0 },
	{ "no_new_privs", "prctl.no_new_privs", no_new_privileges, NULL, 0 },
	{ "no TSC", NULL, no_tsc, NULL, 0 },
	{ "PR_MCE_KILL", "prctl.mce_kill", mce_kill, NULL, 0 },
	{ "PR_SET_IO_FLUSHER", "prctl.io_flusher", io_flusher, NULL, 0 },
	{ "a subreaper", "prctl.subreaper", subreaper, NULL, 0 },
	{ "PR_SET_THP_DISABLE", "prctl.thp_disable", thp_disable, NULL, 0 },
	{ "speculation control", "prctl.spec_indirect", speculation, NULL,
	  0 },
	{ "PR_SET_KEEPCAPS", NULL, keep_capabilities, NULL, 0 },
	{ "a personality", "personality", fixed_addresses, NULL, 0 },
	{ "a seccomp filter of the thread", "status.Seccomp_filters",
	  own_filter, NULL, 0 },
	{ "locked memory", NULL, locked_memory, NULL, 0 },
	{ "CPU time of the thread", "cputime.thread", burnt_time, NULL, 0 },
	{ "a memory policy", "mempolicy", memory_policy, NULL, 0 },
};

const struct scenario_list scenarios_of_tasks = SCENARIO_LIST(list);
