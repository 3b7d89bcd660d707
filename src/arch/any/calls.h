/* SPDX-License-Identifier: MIT */
/* calls.h for most CPUs: what of the system calls some have in another form. */
#ifndef CX_CALLS_CPU
#define CX_CALLS_CPU

#include <stdint.h>
#include <sys/stat.h>

/* 64 signals. */
typedef uint64_t sys_sigset;

struct sys_siginfo {
	int signo, error, code;
};

/* On 64 bits, where libc has the kernel's. */
typedef struct stat sys_kernel_stat;

/* Which of clone's arguments the flags are, from 0. */
enum { SYS_CLONE_FLAGS = 0 };

static inline long sys_fork(unsigned long flags)
{
	return arch_syscall6(SYS_clone, (long)flags, 0, 0, 0, 0, 0);
}

/* Where there is a second one, the first is of another form. */
#ifdef SYS_mmap2
enum { SYS_MMAP_CALL = SYS_mmap2 };
#else
enum { SYS_MMAP_CALL = SYS_mmap };
#endif

static inline void *sys_mmap(size_t size, int prot, int flags)
{
	return (void *)arch_syscall6(SYS_MMAP_CALL, 0, (long)size, prot, flags,
				     -1, 0);
}

#endif
