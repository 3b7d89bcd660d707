/* SPDX-License-Identifier: MIT */
/* 64-bit IBM Z: what of the system calls has a form of its own. */
#ifndef CX_CALLS_CPU
#define CX_CALLS_CPU

#include <stdint.h>
#include <sys/stat.h>

typedef uint64_t sys_sigset;

struct sys_siginfo {
	int signo, error, code;
};

typedef struct stat sys_kernel_stat;

/* The stack comes first. */
enum { SYS_CLONE_FLAGS = 1 };

static inline long sys_fork(unsigned long flags)
{
	return arch_syscall6(SYS_clone, 0, (long)flags, 0, 0, 0, 0);
}

/* Its six arguments are in memory: the call is older than those that take a
   sixth in a register. */
static inline void *sys_mmap(size_t size, int prot, int flags)
{
	const unsigned long arguments[6] = {
		0, size, (unsigned long)prot, (unsigned long)flags, -1UL, 0
	};

	return (void *)arch_syscall3(SYS_mmap, (long)arguments, 0, 0);
}

#endif
