/* SPDX-License-Identifier: MIT */
/* SECURITY.md tells the same to the reader. */
#include "expected.h"

#include <stddef.h>

static const char not_real_time[] =
	"since Linux 6.13 a real-time thread has no timer slack, and a clone "
	"makes that the default of the new one";

const struct expected expected_differences[] = {
	{ WITH_HELPER, 1, "CPU time of the thread", "cputime.thread",
	  "CLOCK_THREAD_CPUTIME_ID is the helper's; the process's is right" },
	{ WITH_HELPER, 1, "a child with PR_SET_PDEATHSIG", "child.pending",
	  "the caller ends, and so its children get their signal" },
	{ WITH_HELPER, 1, "a process that the thread traces", "child.traced",
	  "a tracer that ends lets go" },
	{ WITH_HELPER, 1, "a performance counter", "counter",
	  "it was opened for the caller, which ends" },
	{ WITH_HELPER, 0, "SCHED_FIFO", "slack.default", not_real_time },
	{ WITH_HELPER, 0, "SCHED_FIFO", "slack.ordinary", not_real_time },
	{ WITH_HELPER, 0, "SCHED_RR", "slack.default", not_real_time },
	{ WITH_HELPER, 0, "SCHED_RR", "slack.ordinary", not_real_time },
	{ WITH_HELPER, 0, NULL, "stat.flags",
	  "PF_SUPERPRIV: a new thread has not used root's rights yet; only "
	  "process accounting looks at it" },
	{ WITH_FILTER, 0, NULL, "children.faults",
	  "RUSAGE_CHILDREN has the child that tried unshare" },
	{ ANYWHERE, 0, "a seccomp filter of the thread", "children.faults",
	  "the same" },
};

const unsigned int expected_count =
	sizeof expected_differences / sizeof *expected_differences;
