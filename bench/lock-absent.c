/* SPDX-License-Identifier: MIT */
/* In the place of a library that is not installed. */
#include <stddef.h>

#include "lock.h"

const struct lock_candidate LOCK_ABSENT[] = { { .name = NULL } };
