/* SPDX-License-Identifier: MIT */
/* The dumper: signals. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "dump.h"

struct kernel_action {
	void *handler;
	unsigned long flags;
	void *restorer;
	unsigned long mask;
};

static void dump_actions(void)
{
	char handlers[65], flags[65];
	int i;

	for (i = 1; i <= 64; i++) {
		struct kernel_action a = { 0 };

		syscall(SYS_rt_sigaction, i, NULL, &a, 8);
		handlers[i - 1] = a.handler == NULL ? 'd'
				  : a.handler == (void *)1 ? 'i' : 'h';
		flags[i - 1] = a.flags || a.mask ? '1' : '0';
	}
	handlers[64] = flags[64] = '\0';
	put("signal.handlers", "%s", handlers);
	put("signal.flags", "%s", flags);
}

/* In the order in which they come, the thread's before the process's. */
static void dump_pending(void)
{
	static const struct timespec at_once;
	unsigned long all = ~0UL;
	siginfo_t info;
	char key[32];
	int i, r;

	for (i = 0; i < 2000; i++) {
		memset(&info, 0, sizeof info);
		r = (int)syscall(SYS_rt_sigtimedwait, &all, &info, &at_once, 8);
		if (r <= 0)
			break;
		snprintf(key, sizeof key, "pending.%d", i);
		put(key, "%d code %d errno %d value %d from %s", r,
		    info.si_code, info.si_errno,
		    info.si_code == SI_QUEUE ? info.si_value.sival_int : 0,
		    info.si_pid == getpid() ? "itself"
		    : info.si_pid == getppid() ? "its parent"
		    : info.si_pid == 0 ? "nobody" : "another");
	}
	put("pending", "%d", i);
}

void dump_signals(void)
{
	unsigned long mask = 0, pending = 0;
	stack_t alt = { 0 };
	void *list = NULL;
	size_t size = 0;

	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, 8);
	put("signal.mask", "%lx", mask);
	syscall(SYS_rt_sigpending, &pending, 8);
	put("signal.pending", "%lx", pending);
	sigaltstack(NULL, &alt);
	put("signal.altstack", "%d %zu", alt.ss_flags, alt.ss_size);
	syscall(SYS_get_robust_list, 0, &list, &size);
	put("robust_list", "%zu", size);
	dump_actions();
	dump_pending();
}
