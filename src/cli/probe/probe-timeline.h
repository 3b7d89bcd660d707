/* SPDX-License-Identifier: MIT */
/* One race for the picture: frozen if possible, else caught. */
#ifndef PROBE_TIMELINE_H
#define PROBE_TIMELINE_H

#include "probe.h"

/*
 * While the targets are there.  Fills p->timeline; if nothing could be drawn
 * p->timeline.made is 0 and .unseen says why.  Takes at most that long.
 */
void probe_timeline(struct probe *p, int limit_ms);

#endif
