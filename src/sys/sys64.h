/* SPDX-License-Identifier: MIT */
/*
 * The system calls whose structures depend on the width of the CPU; sys32.h
 * has the others'.  Here libc's struct timespec is the kernel's.
 */
#ifndef CX_SYS_WIDTH_H
#define CX_SYS_WIDTH_H

#include <linux/futex.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include CX_ARCH_H

/* The call behind sys_stat, for tests that count or refuse it. */
enum { SYS_STAT_CALL = SYS_newfstatat };
/* The one behind sys_fstat. */
enum { SYS_FSTAT_CALL = SYS_fstat };

/* Those that take ids of 32 bits. */
enum {
	SYS_GETRESUID_CALL = SYS_getresuid,
	SYS_GETRESGID_CALL = SYS_getresgid,
	SYS_SETRESUID_CALL = SYS_setresuid,
	SYS_SETRESGID_CALL = SYS_setresgid,
	SYS_GETGROUPS_CALL = SYS_getgroups,
	SYS_SETGROUPS_CALL = SYS_setgroups,
};

static inline void sys_take_stat(struct sys_file *file,
				 const sys_kernel_stat *st)
{
	file->mode = st->st_mode;
	file->links = (uint32_t)st->st_nlink;
	file->size = (uint64_t)st->st_size;
	file->device = st->st_dev;
	file->inode = st->st_ino;
}

static inline int sys_stat(int dirfd, const char *path, struct sys_file *file,
			   int flags)
{
	/* A filter may answer 0 for the kernel. */
	sys_kernel_stat st = { .st_nlink = 0 };
	int r = (int)arch_syscall6(SYS_STAT_CALL, dirfd, (long)path, (long)&st,
				   flags, 0, 0);

	if (r == 0)
		sys_take_stat(file, &st);
	return r;
}

static inline int sys_fstat(int fd, struct sys_file *file)
{
	sys_kernel_stat st = { .st_nlink = 0 };
	int r = (int)arch_syscall3(SYS_FSTAT_CALL, fd, (long)&st, 0);

	if (r == 0)
		sys_take_stat(file, &st);
	return r;
}

static inline int sys_futex_wait(uint32_t *word, uint32_t value,
				 const struct timespec *until, uint32_t channel)
{
	return (int)arch_syscall6(SYS_futex, (long)word,
				  FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, value,
				  (long)until, 0, channel);
}

static inline void sys_sleep(uint32_t nanoseconds)
{
	struct timespec t = { 0, (long)nanoseconds };
	uint32_t nobody_wakes = 0;

	arch_syscall6(SYS_futex, (long)&nobody_wakes,
		      FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, (long)&t, 0, 0);
}

static inline int sys_clock_monotonic(struct timespec *now)
{
	return (int)arch_syscall3(SYS_clock_gettime, CLOCK_MONOTONIC, (long)now,
				  0);
}

#endif
