/* SPDX-License-Identifier: MIT */
/* 64-bit MIPS (n64): what of the system calls has a form of its own. */
#ifndef CX_CALLS_CPU
#define CX_CALLS_CPU

#include <stdint.h>

/* 128 signals, the first 64 of them first. */
typedef unsigned __int128 sys_sigset;
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "the halves of sys_sigset would be the wrong way round");

struct sys_siginfo {
	int signo, code, error;
};

/* <asm/stat.h> has it, under the name of libc's. */
typedef struct {
	uint32_t st_dev, pad[3];
	uint64_t st_ino;
	uint32_t st_mode, st_nlink, user, group;
	uint32_t special, pad2[3];
	uint64_t st_size;
	uint32_t times[6], block_size, pad3;
	uint64_t blocks;
} sys_kernel_stat;

enum { SYS_CLONE_FLAGS = 0 };

static inline long sys_fork(unsigned long flags)
{
	return arch_syscall6(SYS_clone, (long)flags, 0, 0, 0, 0, 0);
}

static inline void *sys_mmap(size_t size, int prot, int flags)
{
	return (void *)arch_syscall6(SYS_mmap, 0, (long)size, prot, flags, -1,
				     0);
}

#endif
