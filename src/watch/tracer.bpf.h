/* SPDX-License-Identifier: MIT */
/*
 * A tracer whose rights let the kernel grant privileges to its tracee: with
 * another one they are lost for that reason alone.
 */
#ifndef TRACER_BPF_H
#define TRACER_BPF_H

enum { CAP_SYS_PTRACE = 19 };

static inline int tracer_is_capable(const struct task_struct *p)
{
	const struct cred *tracer = BPF_CORE_READ(p, ptracer_cred);
	__u64 effective = 0;

	if (tracer)
		bpf_core_read(&effective, sizeof(effective),
			      &tracer->cap_effective);
	return effective >> CAP_SYS_PTRACE & 1;
}

#endif
