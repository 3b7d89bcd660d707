/* SPDX-License-Identifier: MIT */
#include "pids.h"

#include "firstns.h"

int pids_are_ours(void)
{
	return firstns_is_ours("pid", FIRSTNS_PID) == 1;
}
