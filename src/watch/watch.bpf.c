// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * The kernel's half of `clonexec watch`.
 *
 * check_unsafe_exec() leaves its verdict in bprm->unsafe, and nothing else
 * sets LSM_UNSAFE_SHARE.  So an exec that cost no privileges is let go after
 * one look at that word, and what is done beyond is done for losses only:
 *
 *  prepare  before the other threads are killed: how many there are, how
 *	     many use the fs, and the old name
 *  newtask  remembers the last creation of each process.  Once the verdict
 *	     is there, in_exec lets no creation begin that shares the fs: so
 *	     one that ends after it had begun before, and is the culprit.
 *  exit     a thread that the exec killed inside clone, which did not end
 *	     with EAGAIN, had begun before as well: a culprit that never came
 *	     to its end.
 *  exec     the new program has its credentials: all facts are told.
 *
 * Each hook is there twice, for typed (tp_btf) and for raw tracepoints;
 * hooks.c loads what the kernel takes.
 */
#include "ktypes.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "event.h"
#include REGISTERS_BPF_H
#include "path.bpf.h"
#include "credentials.bpf.h"

enum {
	CLONE_THREAD = 0x10000,
	NR_IO_URING_SETUP = 425,
	MANY = 16384,
};

/* Set before loading. */
const volatile bool watch_only_tracked; /* and what those start */
const volatile bool watch_has_prepare;
const volatile char watch_comm[EVENT_COMM]; /* only threads of this name */

struct prepared {
	__u64 time;
	__u32 threads, users;
	char comm[EVENT_COMM];
};

MAP(prepared, BPF_MAP_TYPE_LRU_HASH, MANY, __u32, struct prepared);
MAP(newest, BPF_MAP_TYPE_LRU_HASH, MANY, __u32, struct event_creation);
MAP(aborted, BPF_MAP_TYPE_LRU_HASH, MANY, __u32, struct event_creation);
MAP(tracked, BPF_MAP_TYPE_HASH, MANY, __u32, __u32);
MAP(ended, BPF_MAP_TYPE_LRU_HASH, MANY, __u32, __u32); /* of those */
MAP(refused, BPF_MAP_TYPE_HASH, MANY, __u32, struct event_eagain);
MAP(counters, BPF_MAP_TYPE_PERCPU_ARRAY, EVENT_COUNTERS, __u32, __u64);

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

/* ---- Small things ----------------------------------------------------- */

static void count(__u32 which)
{
	__u64 *n = bpf_map_lookup_elem(&counters, &which);

	if (n)
		++*n;
}

#include "withheld.bpf.h"

static int is_watched(__u32 pid)
{
	return !watch_only_tracked || bpf_map_lookup_elem(&tracked, &pid);
}

static struct task_struct *self(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

static __u32 self_pid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

#include "creation.bpf.h"
#include "caller.bpf.h"

/* ---- The exec --------------------------------------------------------- */

/*
 * Where sched_prepare_exec is; elsewhere begin_new_exec(), its caller, at whose
 * beginning it is not known yet whether the file has something to give.
 */
static int on_prepare(const struct linux_binprm *bprm, int knows_file)
{
	struct task_struct *p = self();
	struct prepared new = {};
	__u32 pid = self_pid();

	if (!(BPF_CORE_READ(bprm, unsafe) & UNSAFE_SHARE) || !is_watched(pid))
		return 0;
	if (knows_file && !BPF_CORE_READ(bprm, per_clear))
		return 0;
	new.time = bpf_ktime_get_ns();
	new.threads = BPF_CORE_READ(p, signal, nr_threads);
	new.users = BPF_CORE_READ(p, fs, users);
	bpf_get_current_comm(new.comm, sizeof(new.comm));
	bpf_map_update_elem(&prepared, &pid, &new, BPF_ANY);
	caller_remember(p, pid);
	return 0;
}

/* Asked before an event counts for the limit, or uses room. */
static int is_wanted(__u32 pid)
{
	struct prepared *before;
	int i;

	if (!watch_comm[0])
		return 1;
	before = bpf_map_lookup_elem(&prepared, &pid);
	if (!before)
		return 0;
	for (i = 0; i < EVENT_COMM; i++) {
		if (before->comm[i] != watch_comm[i])
			return 0;
		if (!watch_comm[i])
			break;
	}
	return 1;
}

static const struct file *file_of(const struct linux_binprm *bprm)
{
	if (bpf_core_field_exists(bprm->execfd_creds) &&
	    BPF_CORE_READ_BITFIELD_PROBED(bprm, execfd_creds))
		return BPF_CORE_READ(bprm, executable);
	return BPF_CORE_READ(bprm, file);
}

static int is_allowed(const struct file *file, const struct task_struct *p)
{
	struct event_origin origin = {};

	origin.inode = BPF_CORE_READ(file, f_inode, i_ino);
	origin.device = BPF_CORE_READ(file, f_inode, i_sb, s_dev);
	origin.uid = BPF_CORE_READ(p, cred, uid.val);
	return withheld_allows(&origin);
}

static void put_prepared(struct event *e, __u32 pid)
{
	struct prepared *before = bpf_map_lookup_elem(&prepared, &pid);

	e->prepared = before ? before->time : 0;
	e->threads = before ? before->threads : 0;
	e->users_before = before ? before->users : 0;
	__builtin_memset(e->comm, 0, sizeof(e->comm));
	if (before)
		__builtin_memcpy(e->comm, before->comm, sizeof(e->comm));
}

/*
 * Certain: a creation that ended after the verdict.  Else one that was cut
 * off; and if there is none either, the last that ended, for the verdict
 * came some microseconds before we saw the exec.
 */
static void put_culprit(struct event *e, __u32 pid)
{
	struct event_creation *last = bpf_map_lookup_elem(&newest, &pid);
	struct event_creation *cut = bpf_map_lookup_elem(&aborted, &pid);

	if (cut && !(last && e->prepared && last->time > e->prepared))
		last = cut;
	__builtin_memset(&e->culprit, 0, sizeof(e->culprit));
	if (last)
		__builtin_memcpy(&e->culprit, last, sizeof(e->culprit));
}

/* What was kept for this exec must not be taken for the next one's. */
static void forget(__u32 pid)
{
	bpf_map_delete_elem(&prepared, &pid);
	bpf_map_delete_elem(&newest, &pid);
	bpf_map_delete_elem(&aborted, &pid);
	bpf_map_delete_elem(&callers, &pid);
}

static int on_exec(pid_t old_tid, const struct linux_binprm *bprm)
{
	struct task_struct *p = self();
	const struct file *file;
	__u32 pid = self_pid();
	struct event *e;

	if (!(BPF_CORE_READ(bprm, unsafe) & UNSAFE_SHARE)) {
		if (!watch_has_prepare)
			bpf_map_delete_elem(&aborted, &pid);
		return 0;
	}
	if (!is_watched(pid))
		return 0;
	/* Without per_clear the file had nothing to give. */
	file = file_of(bprm);
	if (!BPF_CORE_READ(bprm, per_clear) || !is_wanted(pid) ||
	    !is_allowed(file, p)) {
		forget(pid);
		return 0;
	}
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		count(EVENT_DROPPED);
		forget(pid);
		return 0;
	}
	e->time = bpf_ktime_get_ns();
	e->pid = pid;
	e->tid = old_tid;
	e->unsafe = BPF_CORE_READ(bprm, unsafe);
	e->per_clear = BPF_CORE_READ(bprm, per_clear);
	e->users_after = BPF_CORE_READ(p, fs, users);
	bpf_get_current_comm(e->new_comm, sizeof(e->new_comm));
	put_file(e, file);
	put_credentials(e, p);
	put_prepared(e, pid);
	put_culprit(e, pid);
	caller_put(e, p, pid);
	forget(pid);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

/* ---- Refused creations (--eagain) ------------------------------------- */

static int on_refused(void)
{
	__u64 both = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();
	__u32 pid = both >> 32, tid = (__u32)both;
	struct event_eagain *known, new = {};
	struct event_origin origin = {};

	if (!is_watched(pid))
		return 0;
	if (!BPF_CORE_READ(self(), fs, in_exec)) {
		count(EVENT_LIMIT);
		return 0;
	}
	count(EVENT_EAGAIN);
	known = bpf_map_lookup_elem(&refused, &tid);
	if (known) {
		known->count++;
		known->last = now;
		return 0;
	}
	origin.uid = (__u32)bpf_get_current_uid_gid();
	if (!withheld_allows(&origin))
		return 0;
	new.first = new.last = now;
	new.count = 1;
	new.pid = pid;
	bpf_get_current_comm(new.comm, sizeof(new.comm));
	if (bpf_map_update_elem(&refused, &tid, &new, BPF_ANY))
		count(EVENT_DROPPED);
	return 0;
}

/* ---- The hooks -------------------------------------------------------- */

SEC("tp_btf/task_newtask")
int BPF_PROG(btf_newtask, struct task_struct *p, __u64 flags)
{
	return on_newtask(p, flags);
}

SEC("raw_tp/task_newtask")
int BPF_PROG(raw_newtask, struct task_struct *p, __u64 flags)
{
	return on_newtask(p, flags);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(btf_exit, struct task_struct *p)
{
	return on_exit();
}

SEC("raw_tp/sched_process_exit")
int BPF_PROG(raw_exit, struct task_struct *p)
{
	return on_exit();
}

/* Linux 6.10. */
SEC("tp_btf/sched_prepare_exec")
int BPF_PROG(btf_prepare, struct task_struct *p, struct linux_binprm *bprm)
{
	return on_prepare(bprm, 1);
}

SEC("raw_tp/sched_prepare_exec")
int BPF_PROG(raw_prepare, struct task_struct *p, struct linux_binprm *bprm)
{
	return on_prepare(bprm, 1);
}

SEC("kprobe/begin_new_exec")
int kprobe_prepare(struct pt_regs *regs)
{
	return on_prepare((void *)registers_argument(regs), 0);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(btf_exec, struct task_struct *p, pid_t old_tid,
	     struct linux_binprm *bprm)
{
	return on_exec(old_tid, bprm);
}

SEC("raw_tp/sched_process_exec")
int BPF_PROG(raw_exec, struct task_struct *p, pid_t old_tid,
	     struct linux_binprm *bprm)
{
	return on_exec(old_tid, bprm);
}

SEC("fexit/kernel_clone")
int BPF_PROG(fexit_clone, void *args, pid_t result)
{
	return result == -EAGAIN ? on_refused() : 0;
}

SEC("kretprobe/kernel_clone")
int kretprobe_clone(struct pt_regs *regs)
{
	return (pid_t)registers_result(regs) == -EAGAIN ? on_refused() : 0;
}

/* Looks at each system call of the machine, hence the last resort. */
static int on_return(const struct pt_regs *regs, long result)
{
	long call;

	if (result != -EAGAIN)
		return 0;
	call = registers_call(regs);
	return call == NR_CLONE || call == NR_CLONE3 ? on_refused() : 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(btf_return, struct pt_regs *regs, long result)
{
	return on_return(regs, result);
}

SEC("raw_tp/sys_exit")
int BPF_PROG(raw_return, struct pt_regs *regs, long result)
{
	return on_return(regs, result);
}

char watch_license[] SEC("license") = "Dual MIT/GPL";
