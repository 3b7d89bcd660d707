/* SPDX-License-Identifier: MIT */
/*
 * cx_regain: the other side of the race.  The program that lost its
 * privileges asks the kernel for them again, by executing itself once more:
 * at the start of main it is alone, so this exec cannot lose.
 *
 * It gives nobody anything: it is an exec that whoever started the program
 * could have made himself (SECURITY.md).
 */
/* The build hides everything else. */
#pragma GCC visibility push(default)
#include "clonexec.h"
#pragma GCC visibility pop

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <linux/xattr.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "procstatus.h"

/* The file as the kernel has it open, wherever its name points to by now. */
#define SELF "/proc/self/exe"

/*
 * The same, and the loop guard.  The kernel writes the path of an exec onto the
 * new stack (AT_EXECFN), so a program that was started by this name knows that
 * it is the second try.  The spelling keeps it apart from programs that execute
 * /proc/self/exe for reasons of their own.  An environment variable would have
 * to be taken out of the environment again, and anybody can set one.
 */
#define SECOND_TRY "/proc/./self/exe"

struct grant {
	struct stat st;
	uint64_t capabilities;
	int effective;	/* and they are raised as well: it is cap_...+ep */
};

/* struct vfs_ns_cap_data without its tail, as far as it is version 2.  (The
   kernel shows version 3 so if it counts in this user namespace.) */
static int read_capabilities(struct grant *g)
{
	struct vfs_cap_data d;
	ssize_t n = getxattr(SELF, XATTR_NAME_CAPS, &d, sizeof(d));

	if (n < 0)
		return errno == ENODATA || errno == EOPNOTSUPP ||
			       errno == ERANGE ? 0 : -1;
	if (n != (ssize_t)XATTR_CAPS_SZ_2 ||
	    (le32toh(d.magic_etc) & VFS_CAP_REVISION_MASK) !=
		    VFS_CAP_REVISION_2)
		return 0;
	g->capabilities = le32toh(d.data[0].permitted) |
			  (uint64_t)le32toh(d.data[1].permitted) << 32;
	g->effective = !!(le32toh(d.magic_etc) & VFS_CAP_FLAGS_EFFECTIVE);
	return 0;
}

static int read_grant(struct grant *g)
{
	memset(g, 0, sizeof(*g));
	if (stat(SELF, &g->st) || read_capabilities(g))
		return -1;
	/* root's own, unless the file says which */
	if (!g->capabilities && (g->st.st_mode & S_ISUID) && !g->st.st_uid &&
	    !(prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) & SECBIT_NOROOT)) {
		g->capabilities = ~(uint64_t)0;
		g->effective = 1;
	}
	return 0;
}

static int lacks_ids(const struct stat *st)
{
	if ((st->st_mode & S_ISUID) && geteuid() != st->st_uid)
		return 1;
	/* Without S_IXGRP the bit is not about privileges. */
	return (st->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) &&
	       getegid() != st->st_gid;
}

/* Of those that the bounding set lets a file grant. */
static int lacks_capabilities(uint64_t granted)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	uint64_t lacking;
	int i, bound;

	if (!granted || syscall(SYS_capget, &header, data))
		return 0;
	lacking = granted & ~(data[0].permitted |
			      (uint64_t)data[1].permitted << 32);
	for (i = 0; i < 64; i++) {
		if (!(lacking >> i & 1))
			continue;
		bound = prctl(PR_CAPBSET_READ, i, 0, 0, 0);
		if (bound) /* or -1: beyond the last one */
			return bound == 1;
	}
	return 0;
}

/*
 * Could it have been the race?  check_unsafe_exec() makes the kernel take the
 * privileges back after it has given them, so AT_SECURE stays; where it gives
 * none in the first place (nosuid, no_new_privs) there is none.  The exception
 * are capabilities without the effective flag, which leave AT_SECURE alone
 * unless they are really gained.
 */
static int may_be_the_race(const struct grant *g, int ids)
{
	struct statvfs fs;
	uint64_t tracer = 0;

	if (!getauxval(AT_SECURE) &&
	    (ids || g->effective || statvfs(SELF, &fs) ||
	     (fs.f_flag & ST_NOSUID)))
		return 0;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return 0;
	/* It would lose again, and a debugger would see main begin twice. */
	return cx_procstatus_read("TracerPid:\t", 10, &tracer) || !tracer;
}

/* As this process was called before: the kernel takes the path's last part. */
static void restore_name(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');

	prctl(PR_SET_NAME, slash ? slash + 1 : argv0, 0, 0, 0);
}

static int fail(int error)
{
	errno = error;
	return -1;
}

int cx_regain(int argc, char *const argv[])
{
	/* Not there: then there is no guard either. */
	const char *execfn = (const char *)getauxval(AT_EXECFN);
	int second = execfn && !strcmp(execfn, SECOND_TRY);
	int saved = errno, ids;
	struct grant g;

	if (argc < 1 || !argv || !argv[0])
		return fail(EINVAL);
	if (second)
		restore_name(argv[0]);
	if (read_grant(&g))
		return -1;
	ids = lacks_ids(&g.st);
	if (!ids && !lacks_capabilities(g.capabilities)) {
		errno = saved;
		return second;
	}
	if (!execfn || second || !may_be_the_race(&g, ids))
		return fail(EPERM);
	return cx_execve(SECOND_TRY, argv, environ);
}
