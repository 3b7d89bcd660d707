/* SPDX-License-Identifier: MIT */
/* The dumper: what the kernel keeps for each thread. */
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "dump.h"

enum { BURNT_MS = 100 }; /* the scenario burns twice as much */

void dump_schedule(void)
{
	uint32_t attr[14] = { 0 };
	uint64_t mask[16] = { 0 }, nodes[16] = { 0 };
	struct timespec t = { 0, 0 };
	int mode = 0;
	long r;

	r = syscall(SYS_sched_getattr, 0, attr, sizeof attr, 0);
	put("sched.policy", "%ld %u", r, attr[1]);
	put("sched.flags", "%u", attr[2]);
	put("sched.nice", "%d", (int)attr[4]);
	put("sched.priority", "%u", attr[5]);
	put("sched.runtime", "%u", attr[6]);
	put("sched.deadline", "%u", attr[8]);
	put("sched.period", "%u", attr[10]);
	put("sched.util", "%u %u", attr[12], attr[13]);
	put("sched.getscheduler", "%d", sched_getscheduler(0));
	r = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
	put("sched.affinity", "%ld %llx", r, (unsigned long long)mask[0]);
	put("nice", "%d", getpriority(PRIO_PROCESS, 0));
	put("ioprio", "%lx", syscall(SYS_ioprio_get, 1, 0));
	r = syscall(SYS_get_mempolicy, &mode, nodes, 1024, 0, 0);
	put("mempolicy", "%ld %d %llx", r, mode,
	    (unsigned long long)nodes[0]);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	put("cputime.thread", "%s", t.tv_sec || t.tv_nsec > BURNT_MS * 1000000
			      ? "long" : "short");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	put("cputime.process", "%s", t.tv_sec ||
			      t.tv_nsec > BURNT_MS * 1000000
			      ? "long" : "short");
}

static const struct {
	const char *key;
	int option;
	unsigned long argument;
	int by_pointer;
} prctls[] = {
	{ "prctl.dumpable", PR_GET_DUMPABLE, 0, 0 },
	{ "prctl.keepcaps", PR_GET_KEEPCAPS, 0, 0 },
	{ "prctl.timing", PR_GET_TIMING, 0, 0 },
	{ "prctl.pdeathsig", PR_GET_PDEATHSIG, 0, 1 },
	{ "prctl.seccomp", PR_GET_SECCOMP, 0, 0 },
	{ "prctl.tsc", PR_GET_TSC, 0, 1 },
	{ "prctl.securebits", PR_GET_SECUREBITS, 0, 0 },
	{ "prctl.timerslack", PR_GET_TIMERSLACK, 0, 0 },
	{ "prctl.subreaper", PR_GET_CHILD_SUBREAPER, 0, 1 },
	{ "prctl.no_new_privs", PR_GET_NO_NEW_PRIVS, 0, 0 },
	{ "prctl.thp_disable", PR_GET_THP_DISABLE, 0, 0 },
	{ "prctl.mce_kill", PR_MCE_KILL_GET, 0, 0 },
	{ "prctl.io_flusher", 58 /* PR_GET_IO_FLUSHER */, 0, 0 },
	{ "prctl.spec_store_bypass", PR_GET_SPECULATION_CTRL, 0, 0 },
	{ "prctl.spec_indirect", PR_GET_SPECULATION_CTRL, 1, 0 },
	{ "prctl.spec_l1d", PR_GET_SPECULATION_CTRL, 2, 0 },
	{ "prctl.mdwe", 66 /* PR_GET_MDWE */, 0, 0 },
	{ "prctl.ksm", 68 /* PR_GET_MEMORY_MERGE */, 0, 0 },
};

void dump_prctls(void)
{
	unsigned int i;
	char name[17] = "";

	for (i = 0; i < sizeof prctls / sizeof *prctls; i++) {
		int value = 0, r;

		r = prctl(prctls[i].option,
			  prctls[i].by_pointer ? (unsigned long)&value
					       : prctls[i].argument,
			  0, 0, 0);
		put(prctls[i].key, "%d %d", r, r < 0 ? errno : value);
	}
	prctl(PR_GET_NAME, name);
	put("prctl.name", "%s", name);
}

static void dump_capability_sets(void)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	char ambient[65] = "", bounding[65] = "";
	int i;

	syscall(SYS_capget, &h, d);
	put("cap.permitted", "%08x%08x", d[1].permitted, d[0].permitted);
	put("cap.effective", "%08x%08x", d[1].effective, d[0].effective);
	put("cap.inheritable", "%08x%08x", d[1].inheritable, d[0].inheritable);
	for (i = 0; i < 41; i++) {
		int a = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0);

		ambient[i] = a > 0 ? '1' : '0';
		bounding[i] = prctl(PR_CAPBSET_READ, i) > 0 ? '1' : '0';
	}
	put("cap.ambient", "%s", ambient);
	put("cap.bounding", "%s", bounding);
}

void dump_credentials(void)
{
	uid_t u[3];
	gid_t g[3], groups[64];
	int i, n;

	getresuid(&u[0], &u[1], &u[2]);
	getresgid(&g[0], &g[1], &g[2]);
	put("uid", "%u %u %u", u[0], u[1], u[2]);
	put("gid", "%u %u %u", g[0], g[1], g[2]);
	put("fsid", "%ld %ld", syscall(SYS_setfsuid, -1),
	    syscall(SYS_setfsgid, -1));
	n = getgroups(64, groups);
	put("groups", "%d", n);
	for (i = 0; i < n; i++)
		put("group", "%u", groups[i]);
	dump_capability_sets();
}

void dump_keyrings(void)
{
	static const char *const names[] = { "thread", "process", "session" };
	char text[256], key[32];
	long i, id, n;

	for (i = 0; i < 3; i++) {
		/* KEYCTL_GET_KEYRING_ID, KEYCTL_DESCRIBE */
		id = syscall(SYS_keyctl, 0, -1 - i, 0, 0, 0);
		n = id < 0 ? -1 : syscall(SYS_keyctl, 6, id, text,
					  sizeof text, 0);
		snprintf(key, sizeof key, "keyring.%s", names[i]);
		put(key, "%s", n < 0 ? strerror(errno) : text);
	}
}

/* Slack 0 is the thread's default one, which nothing else shows; a real-time
   thread has none until it is an ordinary one again. */
void dump_default_slack(void)
{
	struct sched_param param = { .sched_priority = 0 };

	sched_setscheduler(0, SCHED_OTHER, &param);
	put("slack.ordinary", "%d", prctl(PR_GET_TIMERSLACK));
	prctl(PR_SET_TIMERSLACK, 0);
	put("slack.default", "%d", prctl(PR_GET_TIMERSLACK));
}
