/* SPDX-License-Identifier: MIT */
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t seen;

static void remember(int number)
{
	seen = 1;
}

void interrupt_catch(void)
{
	struct sigaction action = {
		.sa_handler = remember,
		.sa_flags = SA_RESTART | (int)SA_RESETHAND,
	};
	struct sigaction old;

	if (sigaction(SIGINT, NULL, &old) || old.sa_handler == SIG_IGN)
		return;
	sigaction(SIGINT, &action, NULL);
}

int interrupt_seen(void)
{
	return seen;
}

void interrupt_obey(void)
{
	if (!seen)
		return;
	signal(SIGINT, SIG_DFL);
	raise(SIGINT);
}
