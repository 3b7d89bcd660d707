/* SPDX-License-Identifier: MIT */
/* CLONEXEC_DEBUG: one line for every exec, how and why; debugfile.h: where. */
#ifndef PRELOAD_DEBUG_H
#define PRELOAD_DEBUG_H

#include "exec.h"

/* An exec_log. */
void debug_exec(const struct cx_attempt *a, enum exec_means means);

/* An exec that another preload gets instead of the kernel. */
void debug_handed_on(const struct cx_attempt *a);

/* A value of CLONEXEC_STRATEGY that means nothing. */
void debug_unknown_strategy(const char *value);

#endif
