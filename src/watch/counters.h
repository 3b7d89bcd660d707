/* SPDX-License-Identifier: MIT */
/* What the kernel's half has counted. */
#ifndef COUNTERS_H
#define COUNTERS_H

#include "event.h"
#include "hooks.h"

unsigned long long counters_read(const struct hooks *h,
				 enum event_counter which);

/* Events without room, and execs that the hooks may not have seen. */
unsigned long long counters_dropped(const struct hooks *h);

#endif
