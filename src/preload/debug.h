/* SPDX-License-Identifier: MIT */
/* CLONEXEC_DEBUG: one line on stderr for every exec, how and why. */
#ifndef PRELOAD_DEBUG_H
#define PRELOAD_DEBUG_H

#include "exec.h"

/* An exec_witness. */
void debug_exec(enum exec_means means, enum cx_reason reason,
		const struct cx_attempt *a);

/* An exec that another preload gets instead of the kernel. */
void debug_handed_on(const struct cx_attempt *a);

/* A value of CLONEXEC_STRATEGY that means nothing. */
void debug_unknown_strategy(const char *value);

#endif
