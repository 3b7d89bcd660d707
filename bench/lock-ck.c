/* SPDX-License-Identifier: MIT */
#include <ck_rwlock.h>
#include <stddef.h>

#include "lock.h"

static ck_rwlock_t lock = CK_RWLOCK_INITIALIZER;

LOCK_LOOP(shared, ck_rwlock_read_lock(&lock), ck_rwlock_read_unlock(&lock))
LOCK_LOOP(exclusive, ck_rwlock_write_lock(&lock),
	  ck_rwlock_write_unlock(&lock))

const struct lock_candidate lock_ck[] = {
	{ "ck_rwlock", .shared = shared, .exclusive = exclusive },
	{ .name = NULL },
};
