/* SPDX-License-Identifier: MIT */
/*
 * Which threads are creating others: the last creation of each process that
 * came to its end, and the last that an exec has cut off.
 */
#ifndef CREATION_H
#define CREATION_H

/* p is new and linked in; we are its creator. */
static int on_newtask(struct task_struct *p, __u64 flags)
{
	__u32 pid = self_pid(), child, one = 1, kind;
	struct event_creation c = {};

	if (!(flags & CLONE_THREAD) && watch_only_tracked && is_watched(pid)) {
		child = BPF_CORE_READ(p, tgid);
		if (bpf_map_update_elem(&tracked, &child, &one, BPF_ANY))
			count(EVENT_DROPPED);
	}
	if (!(flags & CLONE_FS) || !is_watched(pid))
		return 0;
	kind = BPF_CORE_READ(p, flags);
	c.time = bpf_ktime_get_ns();
	c.tid = (__u32)bpf_get_current_pid_tgid();
	c.how = EVENT_COMPLETED;
	c.by_kernel = !!(kind & (IS_IO_WORKER | IS_USER_WORKER));
	bpf_get_current_comm(c.comm, sizeof(c.comm));
	bpf_map_update_elem(&newest, &pid, &c, BPF_ANY);
	return 0;
}

static int is_killed_by_exec(const struct signal_struct *signal)
{
	const struct signal_struct___before_5_17 *older = (const void *)signal;

	if (bpf_core_field_exists(signal->group_exec_task))
		return BPF_CORE_READ(signal, group_exec_task) != NULL;
	return BPF_CORE_READ(older, group_exit_task) != NULL;
}

/* The last system call was a creation that shares the fs, and was cut off. */
static int was_inside_clone(void)
{
	const struct pt_regs *regs;
	long call, result;

	/* Linux 5.15. */
	if (!bpf_core_enum_value_exists(enum bpf_func_id___asked,
					BPF_FUNC_task_pt_regs___asked))
		return 0;
	regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	call = registers_call(regs);
	result = registers_result(regs);
	if (result >= 0 || result == -EAGAIN)
		return 0;
	if (call == NR_CLONE)
		return !!(registers_call_argument(regs) & CLONE_FS);
	return call == NR_CLONE3 || call == NR_IO_URING_SETUP;
}

/* The guard's events of it may be read later. */
static void track_end(__u32 pid)
{
	__u32 one = 1;

	if (!bpf_map_delete_elem(&tracked, &pid))
		bpf_map_update_elem(&ended, &pid, &one, BPF_ANY);
}

static int on_exit(void)
{
	const struct signal_struct *signal = BPF_CORE_READ(self(), signal);
	struct event_creation c = {};
	__u32 pid = self_pid();

	if (watch_only_tracked && !BPF_CORE_READ(signal, live.counter))
		track_end(pid);
	if (!is_killed_by_exec(signal))
		return 0;
	if (watch_has_prepare && !bpf_map_lookup_elem(&prepared, &pid))
		return 0;
	if (!was_inside_clone())
		return 0;
	c.time = bpf_ktime_get_ns();
	c.tid = (__u32)bpf_get_current_pid_tgid();
	c.how = EVENT_ABORTED;
	bpf_get_current_comm(c.comm, sizeof(c.comm));
	bpf_map_update_elem(&aborted, &pid, &c, BPF_ANY);
	return 0;
}

#endif
