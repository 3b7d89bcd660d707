/* SPDX-License-Identifier: MIT */
/*
 * Raw system calls: each returns the kernel's answer, 0 or more, or -errno.
 * The core calls nothing of libc, because it is also the shim (which is
 * loaded into glibc and musl processes alike), because it must not touch
 * errno, and because parts of it run on a thread that libc does not know.
 */
#ifndef CX_SYS_H
#define CX_SYS_H

#include <fcntl.h>
#include <linux/futex.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

#include CX_ARCH_H

/* What there is to know about a file. */
struct sys_file {
	uint32_t mode, links;
	uint64_t size;
	uint64_t device, inode; /* the inode's lower half on 32 bits */
};

/*
 * What has another form on a CPU or two:
 * sys_sigset: the kernel's own, not libc's.
 * struct sys_siginfo: how a siginfo_t begins.
 * sys_kernel_stat: what newfstatat writes.
 * sys_fork: clone(2) that makes a process, on the caller's stack; and the
 * place of its flags, for tests that count or refuse it.
 * sys_mmap: new memory, anywhere.
 */
#ifndef CX_CALLS_CPU_H /* as meson.build has it */
#define CX_CALLS_CPU_H "any/calls.h"
#endif
#include CX_CALLS_CPU_H

/*
 * sys_stat: the oldest of its kind.  sys_fstat: see startcalls.h.
 * sys_futex_wait: until an absolute time of CLOCK_MONOTONIC; wakers name the
 * same channel.
 * sys_sleep: for less than a second; by a futex, since no clock has to be read
 * for it, and programs with threads need that call anyway.
 * sys_clock_monotonic; numbers of calls that differ.
 */
#ifndef CX_SYS_WIDTH /* as meson.build has it */
#define CX_SYS_WIDTH "sys64.h"
#endif
#include CX_SYS_WIDTH

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000 /* Linux 6.14 */
#endif

static inline int sys_execve(const char *path, char *const *argv,
			     char *const *envp)
{
	return (int)arch_syscall3(SYS_execve, (long)path, (long)argv,
				  (long)envp);
}

static inline int sys_execveat(int dirfd, const char *path, char *const *argv,
			       char *const *envp, int flags)
{
	return (int)arch_syscall6(SYS_execveat, dirfd, (long)path, (long)argv,
				  (long)envp, flags, 0);
}

static inline int sys_unshare(unsigned long flags)
{
	return (int)arch_syscall3(SYS_unshare, (long)flags, 0, 0);
}

static inline int sys_getpid(void)
{
	return (int)arch_syscall3(SYS_getpid, 0, 0, 0);
}

static inline int sys_gettid(void)
{
	return (int)arch_syscall3(SYS_gettid, 0, 0, 0);
}

static inline long sys_prctl(int option, unsigned long a, unsigned long b)
{
	return arch_syscall6(SYS_prctl, option, (long)a, (long)b, 0, 0, 0);
}

static inline int sys_madvise(void *start, size_t size, int advice)
{
	return (int)arch_syscall3(SYS_madvise, (long)start, (long)size, advice);
}

static inline int sys_futex_wake(uint32_t *word, int count, uint32_t channel)
{
	return (int)arch_syscall6(SYS_futex, (long)word,
				  FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, count,
				  0, 0, channel);
}

static inline int sys_sigmask(int how, const sys_sigset *set, sys_sigset *old)
{
	return (int)arch_syscall6(SYS_rt_sigprocmask, how, (long)set, (long)old,
				  sizeof *set, 0, 0);
}

/* mmap answers an address or -errno in the same register. */
static inline int sys_mmap_failed(const void *map)
{
	return (unsigned long)map > -4096UL;
}

static inline int sys_munmap(void *map, size_t size)
{
	return (int)arch_syscall3(SYS_munmap, (long)map, (long)size, 0);
}

#endif
