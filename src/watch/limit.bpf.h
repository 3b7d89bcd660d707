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

MAP(buckets, BPF_MAP_TYPE_LRU_HASH, LIMIT_PAIRS, struct event_origin, __u64);

/* Whether this one may be told.  interval: ns an event; burst: ns that a bucket
   holds. */
static __always_inline int limit_allows(const struct event_origin *origin,
					__u64 now, __u64 interval, __u64 burst)
{
	__u64 full = now, *bucket = bpf_map_lookup_elem(&buckets, origin);

	if (bucket && *bucket > now)
		full = *bucket;
	full += interval;
	if (full - now > burst)
		return 0;
	if (bucket)
		*bucket = full;
	else
		bpf_map_update_elem(&buckets, origin, &full, BPF_ANY);
	return 1;
}

#endif
