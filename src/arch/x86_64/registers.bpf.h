/* SPDX-License-Identifier: MIT */
/*
 * What a thread's last system call was: its number, first argument and
 * result.  And the first argument of a function, for a kprobe; its result is
 * where a system call's is.
 */
#ifndef REGISTERS_H
#define REGISTERS_H

struct pt_regs {
	unsigned long ax, orig_ax, di;
} KTYPE;

enum {
	NR_CLONE = 56,
	NR_CLONE3 = 435,
};

static inline long registers_call(const struct pt_regs *regs)
{
	return (long)BPF_CORE_READ(regs, orig_ax);
}

static inline __u64 registers_call_argument(const struct pt_regs *regs)
{
	return BPF_CORE_READ(regs, di);
}

static inline __u64 registers_argument(const struct pt_regs *regs)
{
	return BPF_CORE_READ(regs, di);
}

static inline long registers_result(const struct pt_regs *regs)
{
	return (long)BPF_CORE_READ(regs, ax);
}

#endif
