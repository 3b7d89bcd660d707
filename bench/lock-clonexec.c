/* SPDX-License-Identifier: MIT */
#include <clonexec.h>

#include "execlock.h"
#include "lock.h"

LOCK_LOOP(called, cx_before_clone(), cx_after_clone())
LOCK_LOOP(inlined, cx_execlock_enter(EXECLOCK_CREATIONS),
	  cx_execlock_leave(EXECLOCK_CREATIONS))
LOCK_LOOP(exclusive, cx_execlock_lock(EXECLOCK_NO_CREATION),
	  cx_execlock_unlock())
/* With the question whether there is anybody to keep out. */
LOCK_LOOP(exclusive_called, cx_before_exec(), cx_after_exec())

const struct lock_candidate lock_clonexec[] = {
	{ "clonexec", .shared = called, .exclusive = exclusive_called },
	{ "clonexec, inlined", .shared = inlined, .exclusive = exclusive },
	{ .name = NULL },
};
