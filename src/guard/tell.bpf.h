/* SPDX-License-Identifier: MIT */
/*
 * What `clonexec watch` is told.  Without a reader the ring buffer keeps the
 * oldest events; what finds no room there is counted.
 */
#ifndef TELL_BPF_H
#define TELL_BPF_H

#include "event.h"
#include "limit.bpf.h"

/* For each user and file: so many a second, and so many at once. */
#define TELL_INTERVAL (1000000000ULL / 10)
#define TELL_BURST (100 * TELL_INTERVAL)

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} events SEC(".maps");

static __always_inline void tell_origin(struct event_origin *origin,
					const struct linux_binprm *bprm)
{
	__builtin_memset(origin, 0, sizeof(*origin));
	origin->uid = (__u32)bpf_get_current_uid_gid();
	if (!bprm)
		return;
	origin->inode = BPF_CORE_READ(bprm, file, f_inode, i_ino);
	origin->device = BPF_CORE_READ(bprm, file, f_inode, i_sb, s_dev);
}

static __always_inline int tell_is_test(void)
{
	__u32 first = 0;
	struct guard_about *own = bpf_map_lookup_elem(&about, &first);

	return own && own->tester &&
	       own->tester ==
		       (__u32)bpf_get_current_task_btf()->real_parent->tgid;
}

/* bprm: of an exec, or 0 for a creation. */
static __always_inline void tell(__u32 what, const struct linux_binprm *bprm,
				 const struct tries *t)
{
	__u64 now = bpf_ktime_get_ns(), both = bpf_get_current_pid_tgid();
	struct event_origin origin;
	struct event_guard *e;

	if (tell_is_test())
		return;
	tell_origin(&origin, bprm);
	if (!limit_allows(&origin, now, TELL_INTERVAL, TELL_BURST)) {
		count(GUARD_EVENTS_WITHHELD);
		return;
	}
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		count(GUARD_EVENTS_DROPPED);
		return;
	}
	e->time = now;
	e->waited = t->count ? now - t->first : 0;
	e->what = what;
	e->is_creation = !bprm;
	e->pid = both >> 32;
	e->tid = (__u32)both;
	e->uid = origin.uid;
	e->tries = t->count;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	e->file[0] = 0;
	if (bprm)
		bpf_probe_read_kernel_str(e->file, sizeof(e->file),
					  BPF_CORE_READ(bprm, filename));
	bpf_ringbuf_submit(e, 0);
}

#endif
