/* SPDX-License-Identifier: MIT */
#include "pids.h"

#include <string.h>
#include <unistd.h>

int pids_are_ours(void)
{
	char name[64];
	ssize_t n = readlink("/proc/self/ns/pid", name, sizeof(name) - 1);

	name[n > 0 ? n : 0] = '\0';
	return !strcmp(name, "pid:[4026531836]");
}
