// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * The kernel's half of `clonexec guard`.
 *
 * bprm_creds_from_file is asked before the point of no return, and after the
 * kernel's own verdict on the privileges.  An exec that would lose them because
 * a thread is being created is begun again there, some microseconds later: the
 * creation has come to its end by then, or the exec is begun once more.
 *
 * task_alloc is asked before copy_fs(), which refuses a creation while an exec
 * is under way.  Such a creation is begun again likewise.
 *
 * Neither runs for kernel threads and for the workers that the kernel makes in
 * a process: what they do has no system call that could be begun again.
 */
#include "ktypes.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "guard.h"
#include "tracer.bpf.h"

/* The kernel's own, of Linux 6.18. */
struct bpf_map {
	__u32 id;
} KTYPE;

struct bpf_task_work {
	__u64 opaque; /* leads to a struct bpf_task_work_ctx */
} __attribute__((aligned(8)));

enum bpf_task_work_state {
	BPF_TW_STANDBY,
	BPF_TW_PENDING,
	BPF_TW_SCHEDULING,
	BPF_TW_SCHEDULED,
};

struct bpf_task_work_ctx {
	enum bpf_task_work_state state;
} KTYPE;

enum {
	CLONE_UNTRACED = 0x00800000,
	IS_KTHREAD = 0x00200000, /* PF_* */
	ERESTARTNOINTR = 513,
};

const volatile struct guard_config config;

MAP(counters, BPF_MAP_TYPE_ARRAY, GUARD_COUNTERS, __u32, __u64);
MAP(about, BPF_MAP_TYPE_ARRAY, 1, __u32, struct guard_about);

/* The one of --cgroup. */
MAP(cgroups, BPF_MAP_TYPE_CGROUP_ARRAY, 1, __u32, __u32);

/* The program of `guard run` and what it starts. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} scope SEC(".maps");

static __always_inline void count(__u32 which)
{
	__u64 *n = bpf_map_lookup_elem(&counters, &which);

	if (n)
		__sync_fetch_and_add(n, 1);
}

/* Two at once may leave the smaller one. */
static __always_inline void most(__u32 which, __u64 value)
{
	__u64 *n = bpf_map_lookup_elem(&counters, &which);

	if (n && *n < value)
		*n = value;
}

#include "restart.bpf.h"
#include "tries.bpf.h"
#include "tell.bpf.h"

/* p is the current task. */
static __always_inline int is_guarded(struct task_struct *p)
{
	if (p->flags & (IS_KTHREAD | IS_IO_WORKER | IS_USER_WORKER))
		return 0;
	switch (config.scope) {
	case GUARD_ALL:
		return 1;
	case GUARD_IN_CGROUP:
		return bpf_current_task_under_cgroup(&cgroups, 0) == 1;
	default:
		return bpf_task_storage_get(&scope, p, 0, 0) != 0;
	}
}

/*
 * 0: the bound is reached; 1: once more.  Without an entry nothing would be
 * bounded.
 */
static __always_inline int may_try_again(int kind, __u64 bound_ns,
					 __u32 bound_tries, __u32 counter_met,
					 __u32 counter_most)
{
	__u64 now = bpf_ktime_get_ns();
	struct tries *t;

	t = tries_find(kind, now);
	if (!t || !t->count)
		count(counter_met);
	if (!t)
		return 0;
	if (now - t->first > bound_ns && t->count >= bound_tries)
		return 0;
	t->count++;
	most(counter_most, t->count);
	return 1;
}

/* ---- Execs ------------------------------------------------------------ */

/*
 * With one thread nobody of this process is creating another, so a further user
 * is another process: that is left as the kernel has it.  (One thread and one
 * user: the creator and its thread have ended since the kernel's verdict.  A
 * thread gives up its fs before it stops to count as one.)
 */
static __always_inline int is_shared_for_good(struct task_struct *p)
{
	return p->signal->nr_threads <= 1 && p->fs->users > 1;
}

static __always_inline int would_lose(struct linux_binprm *bprm,
				      struct task_struct *p)
{
	if (!(bprm->unsafe & UNSAFE_SHARE) || !bprm->per_clear)
		return 0;
	if (bprm->unsafe & UNSAFE_NO_NEW_PRIVS)
		return 0;
	if (is_shared_for_good(p) || !is_guarded(p))
		return 0;
	return !(bprm->unsafe & UNSAFE_PTRACE) || tracer_is_capable(p);
}

/* At the bound, or because it cannot be begun again. */
static __always_inline int exec_give_up(struct linux_binprm *bprm,
					__u32 counter, __u32 what)
{
	struct tries were;

	tries_end(TRIES_EXEC, &were);
	count(counter);
	if (config.strict)
		count(GUARD_EXEC_DENIED);
	tell(config.strict ? EVENT_GUARD_REFUSED : what, bprm, &were);
	return config.strict ? -EAGAIN : 0;
}

/* An exec that needs nothing from the guard; perhaps not any longer.  (One of
   another file has nothing to keep.) */
static __always_inline void exec_passes(struct linux_binprm *bprm)
{
	struct tries were;

	if (!tries_end(TRIES_EXEC, &were) || !bprm->per_clear)
		return;
	count(GUARD_EXEC_KEPT);
	tell(EVENT_GUARD_KEPT, bprm, &were);
}

SEC("lsm/bprm_creds_from_file")
int BPF_PROG(guard_exec, struct linux_binprm *bprm, struct file *file, int ret)
{
	struct task_struct *p = bpf_get_current_task_btf();

	if (ret)
		return ret;
	if (!would_lose(bprm, p)) {
		exec_passes(bprm);
		return 0;
	}
	if (!may_try_again(TRIES_EXEC, config.exec_ns, config.exec_tries,
			   GUARD_EXEC_MET, GUARD_EXEC_MOST))
		return exec_give_up(bprm, GUARD_EXEC_LET_GO,
				    EVENT_GUARD_LET_GO);
	if (!restart_arrange(p))
		return exec_give_up(bprm, GUARD_EXEC_UNQUEUED,
				    EVENT_GUARD_UNQUEUED);
	count(GUARD_EXEC_RESTARTED);
	return -ERESTARTNOINTR;
}

/* For the modes that begin nothing again. */
SEC("lsm/bprm_creds_from_file")
int BPF_PROG(guard_exec_once, struct linux_binprm *bprm, struct file *file,
	     int ret)
{
	const struct tries none = {};

	if (ret || !would_lose(bprm, bpf_get_current_task_btf()))
		return ret;
	count(GUARD_EXEC_MET);
	if (config.mode != GUARD_DENY)
		return 0;
	count(GUARD_EXEC_DENIED);
	tell(EVENT_GUARD_REFUSED, bprm, &none);
	return -EAGAIN;
}

/* ---- Creations -------------------------------------------------------- */

/* CLONE_UNTRACED marks what the kernel itself creates, for whomever. */
static __always_inline int would_fail(__u64 flags, struct task_struct *p)
{
	if (!(flags & CLONE_FS) || flags & CLONE_UNTRACED)
		return 0;
	return p->fs->in_exec && is_guarded(p);
}

/* It fails now, as the kernel has it, unless the exec ends just here. */
static __always_inline int creation_give_up(__u32 counter, __u32 what)
{
	struct tries were;

	tries_end(TRIES_CREATION, &were);
	count(counter);
	tell(what, 0, &were);
	return 0;
}

SEC("lsm/task_alloc")
int BPF_PROG(guard_creation, struct task_struct *task, __u64 flags, int ret)
{
	struct task_struct *p = bpf_get_current_task_btf();
	struct tries were;

	if (ret)
		return ret;
	if (!would_fail(flags, p)) {
		tries_end(TRIES_CREATION, &were);
		return 0;
	}
	if (!may_try_again(TRIES_CREATION, config.creation_ns,
			   config.creation_tries, GUARD_CREATION_MET,
			   GUARD_CREATION_MOST))
		return creation_give_up(GUARD_CREATION_LET_GO,
					EVENT_GUARD_LET_GO);
	if (!restart_arrange(p))
		return creation_give_up(GUARD_CREATION_UNQUEUED,
					EVENT_GUARD_UNQUEUED);
	count(GUARD_CREATION_RESTARTED);
	return -ERESTARTNOINTR;
}

SEC("lsm/task_alloc")
int BPF_PROG(guard_creation_once, struct task_struct *task, __u64 flags,
	     int ret)
{
	if (!ret && would_fail(flags, bpf_get_current_task_btf()))
		count(GUARD_CREATION_MET);
	return ret;
}

/* ---- Scope ------------------------------------------------------------ */

/* What a task of the scope creates belongs to it. */
SEC("tp_btf/task_newtask")
int BPF_PROG(guard_newtask, struct task_struct *new, __u64 flags)
{
	struct task_struct *p = bpf_get_current_task_btf();

	if (bpf_task_storage_get(&scope, p, 0, 0))
		bpf_task_storage_get(&scope, new, 0,
				     BPF_LOCAL_STORAGE_GET_F_CREATE);
	return 0;
}

char guard_license[] SEC("license") = "Dual MIT/GPL";
