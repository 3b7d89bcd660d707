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
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <linux/securebits.h>
#include <linux/xattr.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "filecaps.h"
#include "procstatus.h"
#include "setid.h"

/* For questions only: what is executed is found by open_proc(). */
#define SELF "/proc/self/exe"

/*
 * The file as the kernel has it open, wherever its name points to by now; below
 * a descriptor of /proc.  And the loop guard: the kernel writes the path of an
 * exec onto the new stack (AT_EXECFN), here "/dev/fd/3/self/./exe", so the
 * second try knows that it is one.  The spelling keeps it apart from programs
 * that execute /proc/self/exe for reasons of their own.  A variable of the
 * environment would have to be taken out again, and anybody can set one.
 */
#define SECOND_TRY "self/./exe"

struct grant {
	struct stat st;
	int has_capabilities; /* the file says which */
	uint64_t permitted, inheritable;
	int effective; /* they are raised as well: it is cap_...+ep */
	int lacks_ids, lacks_capabilities;
};

/* libc's open() and close() are cancellation points; the calls are not. */
static void close_proc(int fd)
{
	syscall(SYS_close, fd);
}

/*
 * Where privileges are left, no name may decide what is executed: the root of
 * a chroot may belong to anybody.  In the kernel's own /proc "self" is a link
 * of the kernel's, and leads to this process.
 */
static int open_proc(void)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc",
			      O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0)
		return -1;
	if (!fstatfs(fd, &fs) && fs.f_type == PROC_SUPER_MAGIC)
		return fd;
	close_proc(fd);
	errno = ENOENT;
	return -1;
}

static int is_second_try(const char *execfn)
{
	size_t length = strlen(execfn), end = strlen("/" SECOND_TRY);

	return length > end && !strcmp(execfn + length - end, "/" SECOND_TRY);
}

/* ---- What the file grants ----------------------------------------------- */

/* Only revision 2 is of this user namespace. */
static void read_capabilities(struct grant *g)
{
	unsigned char bytes[FILECAPS_ROOM];
	ssize_t n = getxattr(SELF, XATTR_NAME_CAPS, bytes, sizeof(bytes));
	struct filecaps caps;

	if (n < 0 || filecaps_parse(bytes, n, &caps) || caps.revision != 2)
		return;
	g->has_capabilities = 1;
	g->permitted = caps.permitted;
	g->inheritable = caps.inheritable;
	g->effective = caps.effective;
}

/* The saved ones: they are what exec has given, also if the program has put it
   aside for now. */
static int lacks_ids(const struct stat *st)
{
	uid_t uid[3];
	gid_t gid[3];

	if (getresuid(&uid[0], &uid[1], &uid[2]) ||
	    getresgid(&gid[0], &gid[1], &gid[2]))
		return 0;
	if (setid_gives_user(st->st_mode) && uid[2] != st->st_uid)
		return 1;
	return setid_gives_group(st->st_mode) && gid[2] != st->st_gid;
}

/* The kernel's rule: (X & fP) | (pI & fI), X the bounding set.  An exec does
   not change pI, so it is as it was before. */
static int lacks_capabilities(const struct grant *g)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct d[2];
	uint64_t has, inheritable, lacking;
	int i, bound;

	if (!(g->permitted | g->inheritable) || syscall(SYS_capget, &header, d))
		return 0;
	has = d[0].permitted | (uint64_t)d[1].permitted << 32;
	inheritable = d[0].inheritable | (uint64_t)d[1].inheritable << 32;
	if (g->inheritable & inheritable & ~has)
		return 1;
	lacking = g->permitted & ~has;
	for (i = 0; i < 64; i++) {
		if (!(lacking >> i & 1))
			continue;
		bound = prctl(PR_CAPBSET_READ, i, 0, 0, 0);
		if (bound) /* or -1: beyond the last one */
			return bound == 1;
	}
	return 0;
}

static int look_at_ourselves(int proc, struct grant *g)
{
	memset(g, 0, sizeof(*g));
	if (fstatat(proc, "self/exe", &g->st, 0))
		return -1;
	read_capabilities(g);
	/* root's own, unless the file says which */
	if (!g->has_capabilities && setid_gives_user(g->st.st_mode) &&
	    !g->st.st_uid &&
	    !(prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) & SECBIT_NOROOT)) {
		g->permitted = ~(uint64_t)0;
		g->effective = 1;
	}
	g->lacks_ids = lacks_ids(&g->st);
	g->lacks_capabilities = lacks_capabilities(g);
	return 0;
}

/* ---- What to do about it ------------------------------------------------ */

/*
 * check_unsafe_exec() makes the kernel take the privileges back after it has
 * given them, so AT_SECURE stays; where it gives none in the first place there
 * is none.  But capabilities set it only if they are effective, and never for
 * root, unless they are really gained.
 */
static int at_secure_tells(const struct grant *g)
{
	return !g->lacks_capabilities || (g->effective && getuid() != 0);
}

/* Could it have been the race?  If not, a second try would do no better. */
static int may_be_the_race(const struct grant *g)
{
	struct statvfs fs;
	struct cx_procstatus status;

	if (at_secure_tells(g) && !getauxval(AT_SECURE))
		return 0;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 || statvfs(SELF, &fs) ||
	    (fs.f_flag & ST_NOSUID))
		return 0;
	/* A debugger would also see main begin twice. */
	return cx_procstatus_read(&status) || !status.tracer;
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

static int regain(int proc, int second, char *const argv[])
{
	/* Not there: then there is no guard either. */
	int guarded = getauxval(AT_EXECFN) != 0;
	struct grant g;

	if (look_at_ourselves(proc, &g))
		return -1;
	if (!g.lacks_ids && !g.lacks_capabilities)
		return second;
	if (!guarded || second || !may_be_the_race(&g))
		return fail(EPERM);
	return cx_execveat(proc, SECOND_TRY, argv, environ, 0);
}

int cx_regain(int argc, char *const argv[])
{
	int saved = errno, proc, r, error;
	const char *execfn = (const char *)getauxval(AT_EXECFN);
	int second = execfn && is_second_try(execfn);

	if (argc < 1 || !argv || !argv[0])
		return fail(EINVAL);
	if (second)
		restore_name(argv[0]);
	proc = open_proc();
	if (proc < 0)
		return -1;
	r = regain(proc, second, argv);
	error = r < 0 ? errno : saved;
	close_proc(proc);
	errno = error;
	return r;
}
