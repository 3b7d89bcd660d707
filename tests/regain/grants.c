/* SPDX-License-Identifier: MIT */
/*
 * What a file can grant, and to whom: for each, the program that cx_regain
 * started once more has just the ids and capabilities, and AT_SECURE, of one
 * that nobody disturbed.  The control: without the call it has others.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "kernel.h"
#include "start.h"
#include "tap.h"

#define BIT(cap) (UINT64_C(1) << (cap))

enum { EFFECTIVE = 1 };

struct grant {
	const char *name;
	/* the file */
	mode_t mode;
	uid_t owner;
	gid_t group;
	int version;		/* of security.capability; 0: it has none */
	uint64_t permitted, inheritable;
	int effective;
	/* who starts it, with which capabilities */
	uid_t uid;
	gid_t member;		/* of this group as well, if not 0 */
	uint64_t has, has_inheritable, bounds;
	int securebits;
};

static const struct grant grants[] = {
	{ "set-uid to another user", 04755, 1001, 0, .uid = 1000 },
	{ "set-uid, nobody may read it", 04711, 0, 0, .uid = 1000 },
	{ "set-uid and set-gid", 06755, 0, 1, .uid = 1000 },
	{ "set-uid root with file capabilities: just those", 04755, 0, 0, 2,
	  BIT(CAP_NET_RAW), 0, EFFECTIVE, .uid = 1000 },
	{ "set-uid root with none: an id and no capability", 04755, 0, 0, 2,
	  .uid = 1000 },
	{ "the same, some that are inheritable", 04755, 0, 0, 2, 0,
	  BIT(CAP_NET_RAW), .uid = 1000 },
	{ "set-uid root, those of another namespace do not count", 04755, 0,
	  0, 3, BIT(CAP_NET_RAW), 0, EFFECTIVE, .uid = 1000 },
	{ "set-uid root for a caller under SECBIT_NOROOT", 04755, 0, 0,
	  .uid = 1000, .securebits = SECBIT_NOROOT },
	{ "set-uid root, by one who keeps the id: CAP_SETUID", 04755, 0, 0,
	  .uid = 1000, .has = BIT(CAP_SETUID) },
	{ "set-uid root, by a root without capabilities", 04755, 0, 0,
	  .uid = 0 },
	{ "file capabilities, by the same", 0755, 0, 0, 2, BIT(CAP_NET_RAW), 0,
	  EFFECTIVE, .uid = 0, .securebits = SECBIT_NOROOT },
	{ "capabilities above 31", 0755, 0, 0, 2, BIT(CAP_SYSLOG), 0,
	  EFFECTIVE, .uid = 1000 },
	{ "inheritable ones", 0755, 0, 0, 2, 0, BIT(CAP_NET_RAW), EFFECTIVE,
	  .uid = 1000, .has_inheritable = BIT(CAP_NET_RAW) },
	{ "within the bounding set", 0755, 0, 0, 2,
	  BIT(CAP_NET_RAW) | BIT(CAP_CHOWN), .uid = 1000,
	  .bounds = BIT(CAP_CHOWN) },
	{ "set-gid to a group of the caller's, +p", 02755, 0, 1, 2,
	  BIT(CAP_NET_RAW), .uid = 1000, .member = 1 },
};

static const struct grant *g;

static void put(unsigned char *to, uint32_t word)
{
	int i;

	for (i = 0; i < 4; i++)
		to[i] = (unsigned char)(word >> 8 * i);
}

/* chown clears the other two, so it is the first. */
static void make_file(const char *path)
{
	unsigned char caps[24];

	check(!chown(path, g->owner, g->group) && !chmod(path, g->mode),
	      "%s: %s", path, strerror(errno));
	if (!g->version)
		return;
	put(caps, (uint32_t)g->version << 24 | (g->effective ? 1 : 0));
	put(caps + 4, (uint32_t)g->permitted);
	put(caps + 8, (uint32_t)g->inheritable);
	put(caps + 12, (uint32_t)(g->permitted >> 32));
	put(caps + 16, (uint32_t)(g->inheritable >> 32));
	put(caps + 20, 1000); /* whose root: version 3 */
	check(!setxattr(path, "security.capability", caps,
			g->version == 3 ? 24 : 20, 0), "setxattr: %s",
	      strerror(errno));
}

static int set_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct d[2];
	int half;

	for (half = 0; half < 2; half++) {
		d[half].permitted = (uint32_t)(g->has >> 32 * half);
		d[half].effective = d[half].permitted;
		d[half].inheritable =
			(uint32_t)(g->has_inheritable >> 32 * half);
	}
	return (int)syscall(SYS_capset, &header, d);
}

/* By system calls: libc's functions would ask the frozen thread, too. */
static int exec_as(const char *path, char *const argv[], char *const envp[])
{
	gid_t groups[] = { g->member };
	int cap;

	for (cap = 0; cap < 64; cap++)
		if ((g->bounds >> cap & 1) &&
		    prctl(PR_CAPBSET_DROP, cap, 0, 0, 0))
			return -1;
	if ((g->securebits && prctl(PR_SET_SECUREBITS, g->securebits, 0, 0,
				    0)) ||
	    prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) ||
	    syscall(SYS_setgroups, g->member ? 1 : 0, groups) ||
	    syscall(SYS_setresgid, 1000, 1000, 1000) ||
	    syscall(SYS_setresuid, g->uid, g->uid, g->uid) ||
	    set_capabilities())
		return -1;
	return execve(path, argv, envp);
}

static void run(enum race_creators creators, const char *mode,
		struct said *said)
{
	struct start s = { .kind = TARGET_SETUID, .creators = creators,
			   .mode = mode, .stay_root = 1, .exec = exec_as };

	start_run(&s, said);
}

static void regains(void)
{
	struct said never, calm, lost, back;

	g = &grants[tap_index()];
	start_need_programs();
	make_file(start_path(TARGET_SETUID));
	run(RACE_CALM, "plain", &never);
	run(RACE_CALM, "regain", &calm);
	check(start_same_privileges(&never, &calm) && calm.answer == 0 &&
	      calm.starts == 1, "undisturbed: \"%s\", \"%s\"", never.r.line,
	      calm.r.line);
	run(kernel_losing(), "plain", &lost);
	check(!start_same_privileges(&never, &lost),
	      "control: nothing lost: %s", lost.r.line);
	run(kernel_losing(), "regain", &back);
	check(start_same_privileges(&never, &back) && back.answer == 1 &&
	      back.starts == 2, "\"%s\" without the race, \"%s\" in it, then "
	      "\"%s\"", never.r.line, lost.r.line, back.r.line);
}

int main(void)
{
	enum { COUNT = sizeof grants / sizeof *grants };
	struct tap_case cases[COUNT];
	int i;

	memset(cases, 0, sizeof cases);
	for (i = 0; i < COUNT; i++) {
		cases[i].name = grants[i].name;
		cases[i].run = regains;
		cases[i].limit = 30;
	}
	return tap_run(cases, COUNT);
}
