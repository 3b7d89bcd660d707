/* SPDX-License-Identifier: MIT */
/*
 * Where a loss happened: which program called exec, started by whom, in which
 * cgroup, and what the new one was asked to do.  From this advice.c tells what
 * to do about it; the process itself may be gone when somebody reads.
 */
#ifndef CALLER_H
#define CALLER_H

enum { CALLERS = 1024 };

/*
 * The program's own path is gone when the exec has succeeded.  From Linux 6.10
 * on only an exec that has something to lose is here, from before its point of
 * no return until it is told: so to push one out takes that many others at the
 * same time, each of which loses as well.
 */
MAP(callers, BPF_MAP_TYPE_LRU_HASH, CALLERS, __u32, struct event_names);
/* A path has no room on the stack. */
MAP(caller_room, BPF_MAP_TYPE_PERCPU_ARRAY, 1, __u32, struct event_names);

static void caller_remember(const struct task_struct *p, __u32 pid)
{
	struct event_names *room;
	__u32 zero = 0;

	room = bpf_map_lookup_elem(&caller_room, &zero);
	if (!room)
		return;
	path_put(room, BPF_CORE_READ(p, mm, exe_file));
	bpf_map_update_elem(&callers, &pid, room, BPF_ANY);
}

static void caller_put_path(struct event *e, __u32 pid)
{
	const struct event_names *known = bpf_map_lookup_elem(&callers, &pid);

	e->caller.bytes = e->caller.whole = 0;
	if (known)
		bpf_probe_read_kernel(&e->caller, sizeof(e->caller), known);
}

/* A page of theirs that is not there is not fetched: then nothing is told. */
static void caller_put_arguments(struct event *e, const struct task_struct *p)
{
	unsigned long begin = BPF_CORE_READ(p, mm, arg_start);
	unsigned long size = BPF_CORE_READ(p, mm, arg_end) - begin;

	e->arguments_whole = size < EVENT_ARGUMENTS;
	if (size >= EVENT_ARGUMENTS)
		size = EVENT_ARGUMENTS - 1;
	size &= EVENT_ARGUMENTS - 1;
	e->arguments_bytes = (__u32)size;
	if (bpf_probe_read_user(e->arguments, (__u32)size, (void *)begin))
		e->arguments_bytes = 0;
}

static void caller_put(struct event *e, const struct task_struct *p, __u32 pid)
{
	e->login = EVENT_NO_LOGIN;
	if (bpf_core_field_exists(p->loginuid)) /* CONFIG_AUDIT */
		e->login = BPF_CORE_READ(p, loginuid.val);
	e->parent = BPF_CORE_READ(p, real_parent, tgid);
	BPF_CORE_READ_STR_INTO(&e->parent_comm, p, real_parent, comm);
	caller_put_path(e, pid);
	caller_put_arguments(e, p);
	path_put_cgroup(&e->cgroup, p);
}

#endif
