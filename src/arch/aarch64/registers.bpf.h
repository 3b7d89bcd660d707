/* SPDX-License-Identifier: MIT */
/*
 * What a thread's last system call was: its number, first argument and
 * result.  And the first argument of a function, for a kprobe; its result is
 * where a system call's is.
 */
#ifndef REGISTERS_H
#define REGISTERS_H

struct pt_regs {
	__u64 regs[31];
	__u64 pc;
	__u64 orig_x0;
	__s32 syscallno;
} KTYPE;

enum {
	NR_CLONE = 220,
	NR_CLONE3 = 435,
	SVC = 0xd4000001,
	CALL_REGISTER = 8,
};

/*
 * Before it ends a thread that was killed, this kernel forgets the number.  A
 * thread that would have gone on behind an SVC has it in the register still.
 */
static inline long registers_call(const struct pt_regs *regs)
{
	long call = BPF_CORE_READ(regs, syscallno);
	__u32 *next = (void *)BPF_CORE_READ(regs, pc), last = 0;

	if (call >= 0)
		return call;
	if (bpf_probe_read_user(&last, sizeof(last), next - 1) || last != SVC)
		return -1;
	return (long)BPF_CORE_READ(regs, regs[CALL_REGISTER]);
}

static inline __u64 registers_call_argument(const struct pt_regs *regs)
{
	return BPF_CORE_READ(regs, orig_x0);
}

static inline __u64 registers_argument(const struct pt_regs *regs)
{
	return BPF_CORE_READ(regs, regs[0]);
}

static inline long registers_result(const struct pt_regs *regs)
{
	return (long)BPF_CORE_READ(regs, regs[0]);
}

#endif
