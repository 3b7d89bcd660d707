/* SPDX-License-Identifier: MIT */
/*
 * The exec functions once more, as the auditor (src/audit) hands them to those
 * that asked for libc's own, past all preloads.  No later preload that wraps
 * exec is asked here: none would have been, and it may be such a preload that
 * asks, by an object of its own.
 */
#define FAMILY(name) clonexec_libc_##name
#define FAMILY_IS_LIBCS 1
#include "execfamily.c"
