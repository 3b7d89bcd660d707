/* SPDX-License-Identifier: MIT */
/* What this machine must have for the guard, asked before it is tried. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stddef.h>

#include "guard.h"

/* How the kernel begins a system call again. */
enum machine_restart {
	MACHINE_NONE,	  /* before Linux 6.18 */
	MACHINE_EXPLICIT, /* bpf_task_work_schedule_signal_impl() */
	MACHINE_IMPLICIT, /* bpf_task_work_schedule_signal(), from 7.0 on */
};

/* 0, or -errno and one line in why[]. */
int machine_check(enum guard_mode mode, enum machine_restart *restart,
		  char *why, size_t size);

/* Whether bpf is in the kernel's LSM list; -1: that is not known. */
int machine_has_bpf_lsm(void);

#endif
