/* SPDX-License-Identifier: MIT */
/*
 * The exec functions once more, as the auditor (src/audit) hands them to those
 * that asked for libc's own, past all preloads.  No later preload that wraps
 * exec is asked here: none would have been, and it may be such a preload that
 * asks, by an object of its own.
 */
#include "execlibc.h"

#include <stddef.h>

#include "execcall.h"

/*
 * Where the libcs of other namespaces (dlmopen(3)) have this thread's errno.
 * The caller's is one of them, and which one nothing tells: so all are told,
 * and of those that did not call none has a use for its errno.  Written by the
 * auditor.
 */
static void *errnos[EXECLIBC_MAX];

__attribute__((visibility("default"))) void **clonexec_libc_errnos(void)
{
	return errnos;
}

void execlibc_set_errno(int error)
{
	int *(*location)(void);
	int i;

	for (i = 0; i < EXECLIBC_MAX; i++) {
		location = (int *(*)(void))__atomic_load_n(&errnos[i],
							   __ATOMIC_RELAXED);
		if (location)
			*location() = error;
	}
}

#define FAMILY(name) clonexec_libc_##name
#define FAMILY_IS_LIBCS 1
#include "execfamily.c" /* NOLINT(bugprone-suspicious-include): once more */
