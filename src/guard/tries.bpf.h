/* SPDX-License-Identifier: MIT */
/*
 * How often, and since when, a thread has tried the same exec or creation.  The
 * map is filled before it is needed, and forgets the oldest entry if it is
 * full: that thread may then try for longer.
 */
#ifndef TRIES_BPF_H
#define TRIES_BPF_H

enum {
	TRIES_EXEC,
	TRIES_CREATION,
	TRIES_KINDS,
};

/* A try so long after the last one belongs to another call, perhaps to another
   thread of the same id. */
#define TRIES_GAP_NS 1000000000ULL

struct tries {
	__u64 first, last;
	__u32 count;
	__u32 unused;
};

MAP(tries, BPF_MAP_TYPE_LRU_HASH, 16384, __u64, struct tries);

/* How many there are, so that most calls look for none.  One that was
   forgotten, or whose thread has ended, counts for good. */
__u32 tries_live[TRIES_KINDS];

static __always_inline __u64 tries_key(int kind)
{
	return (__u64)(__u32)bpf_get_current_pid_tgid() << 1 | (__u64)kind;
}

static __always_inline struct tries *tries_find(int kind, __u64 now)
{
	const struct tries new = { .first = now, .last = now };
	__u64 key = tries_key(kind);
	struct tries *t = bpf_map_lookup_elem(&tries, &key);

	if (!t) {
		if (!bpf_map_update_elem(&tries, &key, &new, BPF_NOEXIST))
			__sync_fetch_and_add(&tries_live[kind], 1);
		return bpf_map_lookup_elem(&tries, &key);
	}
	if (now - t->last > TRIES_GAP_NS) {
		t->first = now;
		t->count = 0;
	}
	t->last = now;
	return t;
}

/*
 * The call has an end: how many tries it took, and since when.  What was left
 * by another one, which was killed or failed otherwise, is forgotten.
 */
static __always_inline __u32 tries_end(int kind, struct tries *were)
{
	__u64 key = tries_key(kind);
	struct tries *t;

	__builtin_memset(were, 0, sizeof(*were));
	if (!tries_live[kind])
		return 0;
	t = bpf_map_lookup_elem(&tries, &key);
	if (!t)
		return 0;
	if (bpf_ktime_get_ns() - t->last <= TRIES_GAP_NS)
		*were = *t;
	if (!bpf_map_delete_elem(&tries, &key))
		__sync_fetch_and_sub(&tries_live[kind], 1);
	return were->count;
}

#endif
