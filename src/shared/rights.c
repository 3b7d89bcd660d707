/* SPDX-License-Identifier: MIT */
#include "rights.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "firstns.h"

/* Linux 5.8, and older headers have no names for them. */
enum { PERFMON = 38, BPF = 39 };

#define BIT(capability) (1ULL << (capability))

/* A process that has fewer keeps those. */
static void keep(unsigned long long which)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	int i;

	if (syscall(SYS_capget, &header, data))
		return;
	for (i = 0; i < 2; i++) {
		data[i].permitted &= (unsigned int)(which >> 32 * i);
		data[i].effective = data[i].permitted;
		data[i].inheritable &= data[i].permitted;
	}
	syscall(SYS_capset, &header, data);
}

void rights_keep_for_test(void)
{
	keep(BIT(BPF) | BIT(PERFMON) | BIT(CAP_SETUID) | BIT(CAP_SETGID) |
	     BIT(CAP_SYS_PTRACE));
}

void rights_keep_for_program(void)
{
	keep(BIT(BPF) | BIT(PERFMON) | BIT(CAP_KILL));
}

void rights_give_up_others(void)
{
	keep(~BIT(CAP_SYS_PTRACE));
}

int rights_are_the_first(void)
{
	return firstns_is_ours("user", FIRSTNS_USER) != 0;
}
