/* SPDX-License-Identifier: MIT */
/*
 * The system calls whose structures depend on the width of the CPU; sys64.h
 * has the others'.
 *
 * Here libc's structures may have 64-bit times and the kernel's first system
 * calls have not.  Those calls are in every kernel (the others came with
 * 5.1), and 32 bits are enough for CLOCK_MONOTONIC until a machine has been
 * up for 68 years.  i386 and ARM number them differently, and musl renames
 * one: clock_gettime32.
 */
#ifndef CX_SYS_WIDTH_H
#define CX_SYS_WIDTH_H

#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

#include CX_ARCH_H

#ifndef SYS_clock_gettime
#define SYS_clock_gettime SYS_clock_gettime32
#endif

struct sys_time {
	int32_t sec, nsec;
};

/* The beginning of the kernel's struct stat64, and room for the rest. */
struct sys_stat64 {
	uint32_t device[2], pad, inode;
	uint32_t mode, links;
	uint32_t rest[24];
};

/* The call behind sys_stat, for tests that count or refuse it. */
enum { SYS_STAT_CALL = SYS_fstatat64 };

static inline int sys_stat(int dirfd, const char *path, struct sys_file *file,
			   int flags)
{
	struct sys_stat64 st;
	int r = (int)arch_syscall6(SYS_STAT_CALL, dirfd, (long)path,
				   (long)&st, flags, 0, 0);

	if (r == 0) {
		file->mode = st.mode;
		file->links = st.links;
	}
	return r;
}

static inline void *sys_mmap(size_t size, int prot, int flags)
{
	return (void *)arch_syscall6(SYS_mmap2, 0, (long)size, prot, flags, -1,
				     0);
}

static inline int sys_futex_wait(uint32_t *word, uint32_t value,
				 const struct timespec *until,
				 uint32_t channel)
{
	struct sys_time t = { (int32_t)until->tv_sec, (int32_t)until->tv_nsec };

	return (int)arch_syscall6(SYS_futex, (long)word,
				  FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG,
				  (long)value, (long)&t, 0, (long)channel);
}

static inline int sys_clock_monotonic(struct timespec *now)
{
	struct sys_time t = { 0, 0 };
	int r = (int)arch_syscall3(SYS_clock_gettime, CLOCK_MONOTONIC,
				   (long)&t, 0);

	now->tv_sec = t.sec;
	now->tv_nsec = t.nsec;
	return r;
}

#endif
