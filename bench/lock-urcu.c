/* SPDX-License-Identifier: MIT */
/*
 * Not a lock: who writes waits for those inside, and nobody waits for it.  So
 * it would keep privileges from being lost and not creations from failing.
 */
#include <urcu/urcu-memb.h>

#include "lock.h"

LOCK_LOOP(shared, urcu_memb_read_lock(), urcu_memb_read_unlock())
LOCK_LOOP(exclusive, urcu_memb_synchronize_rcu(), (void)0)

const struct lock_candidate lock_urcu[] = {
	{ "liburcu-memb", urcu_memb_init, urcu_memb_register_thread,
	  urcu_memb_unregister_thread, shared, exclusive },
	{ .name = NULL },
};
