/* SPDX-License-Identifier: MIT */
/* calls.h for most CPUs: system calls that some have in another form. */
#ifndef CX_CALLS_CPU
#define CX_CALLS_CPU

/* Which of clone's arguments the flags are, from 0. */
enum { SYS_CLONE_FLAGS = 0 };

static inline long sys_fork(unsigned long flags)
{
	return arch_syscall6(SYS_clone, (long)flags, 0, 0, 0, 0, 0);
}

static inline void *sys_mmap(size_t size, int prot, int flags)
{
	return (void *)arch_syscall6(SYS_MMAP_CALL, 0, (long)size, prot, flags,
				     -1, 0);
}

#endif
