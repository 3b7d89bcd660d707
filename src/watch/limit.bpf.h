/* SPDX-License-Identifier: MIT */
/*
 * Not more events than a reader can bear, for each user and file: a user who
 * loses on purpose, some thousand times a second, must not bury what happens
 * to somebody else.  Held back here, before the ring buffer, they take no
 * room in it either.
 *
 * A bucket for each pair, kept as one number: the time at which it is full
 * again.  The least recently used pair makes room for a new one, which has a
 * full bucket then: so a lack of room shows more, never less, and one pair
 * never costs another an event.  Two CPUs at once may let one event too many
 * through.
 */
#ifndef LIMIT_H
#define LIMIT_H

enum { LIMIT_PAIRS = 4096 };

/* Set before loading. */
const volatile __u64 watch_interval; /* ns an event; 0: no limit */
const volatile __u64 watch_burst;    /* ns that a bucket holds */

MAP(buckets, BPF_MAP_TYPE_LRU_HASH, LIMIT_PAIRS, struct event_origin, __u64);
MAP(withheld, BPF_MAP_TYPE_LRU_HASH, LIMIT_PAIRS, struct event_origin,
    struct event_withheld);

static __always_inline void limit_count(const struct event_origin *origin,
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
static __always_inline int limit_allows(const struct event_origin *origin)
{
	__u64 now = bpf_ktime_get_ns(), full = now, *bucket;

	if (!watch_interval)
		return 1;
	bucket = bpf_map_lookup_elem(&buckets, origin);
	if (bucket && *bucket > now)
		full = *bucket;
	full += watch_interval;
	if (full - now > watch_burst) {
		limit_count(origin, now);
		return 0;
	}
	if (bucket)
		*bucket = full;
	else
		bpf_map_update_elem(&buckets, origin, &full, BPF_ANY);
	return 1;
}

#endif
