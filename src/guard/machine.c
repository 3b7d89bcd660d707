/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lsms.h"
#include "rights.h"

#define VMLINUX "/sys/kernel/btf/vmlinux"

int machine_has_bpf_lsm(void)
{
	char list[LSMS_LIST];

	return lsms_read(list) ? lsms_has(list, "bpf") : -1;
}

static int has_function(const struct btf *btf, const char *name)
{
	return btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) > 0;
}

/* Linux 6.18 and 6.19 have the first name only. */
static enum machine_restart find_restart(const struct btf *btf)
{
	if (has_function(btf, "bpf_task_work_schedule_signal"))
		return MACHINE_IMPLICIT;
	if (has_function(btf, "bpf_task_work_schedule_signal_impl"))
		return MACHINE_EXPLICIT;
	return MACHINE_NONE;
}

static int check_rights(char *why, size_t size)
{
	if (geteuid() != 0) {
		snprintf(why, size, "not permitted: needs root");
		return -EPERM;
	}
	if (!rights_are_the_first()) {
		snprintf(why, size,
			 "not permitted in a user namespace: needs root "
			 "outside of it");
		return -EPERM;
	}
	return 0;
}

static int check_lsm(char *why, size_t size)
{
	char list[LSMS_LIST];

	if (!lsms_read(list) || lsms_has(list, "bpf"))
		return 0;
	snprintf(
		why, size,
		"bpf is not in the kernel's LSM list: boot with lsm=%.300s,bpf",
		list);
	return -ENOSYS;
}

int machine_check(enum guard_mode mode, enum machine_restart *restart,
		  char *why, size_t size)
{
	struct btf *btf;
	int error = check_rights(why, size);

	if (!error)
		error = check_lsm(why, size);
	if (error)
		return error;
	btf = btf__load_vmlinux_btf();
	if (!btf) {
		snprintf(why, size,
			 "no " VMLINUX ": needs CONFIG_DEBUG_INFO_BTF=y");
		return -ENOSYS;
	}
	*restart = find_restart(btf);
	btf__free(btf);
	if (mode != GUARD_RESTART || *restart != MACHINE_NONE)
		return 0;
	snprintf(why, size,
		 "this kernel cannot begin a system call again "
		 "(bpf_task_work_schedule_signal, Linux 6.18): only --mode "
		 "deny or count");
	return -ENOSYS;
}
