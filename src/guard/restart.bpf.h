/* SPDX-License-Identifier: MIT */
/*
 * How a system call is begun again: the hook answers -ERESTARTNOINTR, and a
 * task work with a signal's urgency makes the kernel look at that answer on the
 * way back to user mode.  Without the task work the program would get it as
 * errno 513.  So it must be in place before the hook answers.
 */
#ifndef RESTART_BPF_H
#define RESTART_BPF_H

/* Linux 6.18 and 6.19 want a fifth argument; 7.0 adds it by itself, and has a
   function of the older name that takes another type. */
#if defined(GUARD_WITHOUT_RESTART)
/* Before 6.18.  (A function that is not in the kernel itself is looked for in
   all modules, which needs CAP_SYS_ADMIN.) */
#define restart_schedule(task, work, map, callback) ((void)(callback), -1)
#elif defined(GUARD_IMPLICIT_ARGUMENT)
extern int
bpf_task_work_schedule_signal(struct task_struct *task,
			      struct bpf_task_work *work, void *map__map,
			      int (*callback)(struct bpf_map *map, void *key,
					      void *value)) __weak __ksym;
#define restart_schedule(task, work, map, callback) \
	bpf_task_work_schedule_signal(task, work, map, callback)
#else
extern int bpf_task_work_schedule_signal_impl(
	struct task_struct *task, struct bpf_task_work *work, void *map__map,
	int (*callback)(struct bpf_map *map, void *key, void *value),
	void *aux__prog) __weak __ksym;
#define restart_schedule(task, work, map, callback) \
	bpf_task_work_schedule_signal_impl(task, work, map, callback, 0)
#endif

enum {
	RESTART_SLOTS = 4096, /* a power of two */
	RESTART_PROBES = 8,
	RESTART_LOOKS = 2000,
};

struct restart_slot {
	struct bpf_task_work work;
	__u32 owner; /* a thread's id; 0: free */
	__u32 unused;
};

/*
 * A slot keeps what the kernel allocates for its work, so that is done once for
 * each slot and not once for each restart.
 */
MAP(slots, BPF_MAP_TYPE_ARRAY, RESTART_SLOTS, __u32, struct restart_slot);

/* On the way back to user mode, or at the end of a thread that was killed. */
static int restart_done(struct bpf_map *map, void *key, void *value)
{
	struct restart_slot *slot = value;

	slot->owner = 0;
	return 0;
}

/*
 * The kernel queues the work by an interrupt that it sends to this CPU.  Until
 * that has come, and if there was no memory for it, the work is not queued.
 */
static __always_inline int restart_is_queued(struct restart_slot *slot)
{
	const __u32 queued =
		bpf_core_enum_value(enum bpf_task_work_state, BPF_TW_SCHEDULED);
	struct bpf_task_work_ctx *context = 0;
	int i;

	for (i = 0; i < RESTART_LOOKS; i++) {
		bpf_probe_read_kernel(&context, sizeof(context), slot);
		if (context && BPF_CORE_READ(context, state) == queued)
			return 1;
		bpf_ktime_get_ns(); /* takes some time */
	}
	return 0;
}

/*
 * 1: this system call of p, the current task, will be begun again if the hook
 * says so.  A slot can be busy for a moment after it was freed, while its
 * callback returns: then the next one is taken.
 */
static __always_inline int restart_arrange(struct task_struct *p)
{
	__u32 tid = p->pid, index;
	struct restart_slot *slot;
	int i;

	for (i = 0; i < RESTART_PROBES; i++) {
		index = (tid + i) & (RESTART_SLOTS - 1);
		slot = bpf_map_lookup_elem(&slots, &index);
		if (!slot || __sync_val_compare_and_swap(&slot->owner, 0, tid))
			continue;
		if (restart_schedule(p, &slot->work, &slots, restart_done)) {
			slot->owner = 0;
			continue;
		}
		/* If it is late, the slot is freed when it comes. */
		return restart_is_queued(slot);
	}
	return 0;
}

#endif
