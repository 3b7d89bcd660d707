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
	__u64 orig_x0;
	__s32 syscallno;
} KTYPE;

enum {
	NR_CLONE = 220,
	NR_CLONE3 = 435,
};

static inline long registers_call(const struct pt_regs *regs)
{
	return BPF_CORE_READ(regs, syscallno);
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
