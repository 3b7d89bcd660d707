/* SPDX-License-Identifier: MIT */
/* The limit of `clonexec watch`, and what it has held back, for each origin. */
#ifndef WITHHELD_H
#define WITHHELD_H

#include "limit.bpf.h"

/* Set before loading. */
const volatile __u64 watch_interval; /* ns an event; 0: no limit */
const volatile __u64 watch_burst;    /* ns that a bucket holds */

MAP(withheld, BPF_MAP_TYPE_LRU_HASH, LIMIT_PAIRS, struct event_origin,
    struct event_withheld);

static __always_inline void withheld_count(const struct event_origin *origin,
					   __u64 now)
{
	struct event_withheld *known, new = {};

	count(EVENT_WITHHELD);
	known = bpf_map_lookup_elem(&withheld, origin);
	if (known) {
		__sync_fetch_and_add(&known->count, 1);
		known->last = now;
		return;
	}
	new.count = 1;
	new.last = now;
	bpf_get_current_comm(new.comm, sizeof(new.comm));
	bpf_map_update_elem(&withheld, origin, &new, BPF_ANY);
}

/* Whether this one may be told; if not it is counted. */
static __always_inline int withheld_allows(const struct event_origin *origin)
{
	__u64 now = bpf_ktime_get_ns();

	if (!watch_interval ||
	    limit_allows(origin, now, watch_interval, watch_burst))
		return 1;
	withheld_count(origin, now);
	return 0;
}

#endif
