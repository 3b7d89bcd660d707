/* SPDX-License-Identifier: MIT */
/* Thread creations beside an exec that stands still, under each strategy. */
#ifndef PROBE_STOPPED_H
#define PROBE_STOPPED_H

#include "probe.h"

/* After it is known which strategies are available; no target is needed. */
void probe_stopped(struct probe *p);

#endif
