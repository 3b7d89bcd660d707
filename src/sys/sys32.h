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

/* The beginning of the kernel's struct stat64, and room for the rest.  (The
   size is aligned as the CPU aligns it.) */
struct sys_stat64 {
	uint64_t device;
	uint32_t pad, inode;
	uint32_t mode, links, user, group;
	uint32_t special[2], pad2;
	uint64_t size;
	uint32_t rest[16];
};

/* The call behind sys_stat, for tests that count or refuse it. */
enum { SYS_STAT_CALL = SYS_fstatat64 };
/* The one behind sys_fstat: the same. */
enum { SYS_FSTAT_CALL = SYS_STAT_CALL };

/* Those that take ids of 32 bits. */
enum {
	SYS_GETRESUID_CALL = SYS_getresuid32,
	SYS_GETRESGID_CALL = SYS_getresgid32,
	SYS_SETRESUID_CALL = SYS_setresuid32,
	SYS_SETRESGID_CALL = SYS_setresgid32,
	SYS_GETGROUPS_CALL = SYS_getgroups32,
	SYS_SETGROUPS_CALL = SYS_setgroups32,
};

static inline int sys_stat(int dirfd, const char *path, struct sys_file *file,
			   int flags)
{
	/* A filter may answer 0 for the kernel. */
	struct sys_stat64 st = { .links = 0 };
	int r = (int)arch_syscall6(SYS_STAT_CALL, dirfd, (long)path, (long)&st,
				   flags, 0, 0);

	if (r == 0) {
		file->mode = st.mode;
		file->links = st.links;
		file->size = st.size;
		file->device = st.device;
		file->inode = st.inode;
	}
	return r;
}

static inline int sys_fstat(int fd, struct sys_file *file)
{
	return sys_stat(fd, "", file, 0x1000 /* AT_EMPTY_PATH */);
}

static inline int sys_futex_wait(uint32_t *word, uint32_t value,
				 const struct timespec *until, uint32_t channel)
{
	struct sys_time t = { (int32_t)until->tv_sec, (int32_t)until->tv_nsec };

	return (int)arch_syscall6(SYS_futex, (long)word,
				  FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG,
				  (long)value, (long)&t, 0, (long)channel);
}

static inline void sys_sleep(uint32_t nanoseconds)
{
	struct sys_time t = { 0, (int32_t)nanoseconds };
	uint32_t nobody_wakes = 0;

	arch_syscall6(SYS_futex, (long)&nobody_wakes,
		      FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, (long)&t, 0, 0);
}

static inline int sys_clock_monotonic(struct timespec *now)
{
	struct sys_time t = { 0, 0 };
	int r = (int)arch_syscall3(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&t,
				   0);

	now->tv_sec = t.sec;
	now->tv_nsec = t.nsec;
	return r;
}

#endif
