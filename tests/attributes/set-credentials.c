/* SPDX-License-Identifier: MIT */
/* Scenarios: ids, capabilities, keyrings and namespaces of one thread. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scenario.h"

/* Raw calls: the others stay root. */
static int other_ids(void)
{
	if (syscall(SYS_setresgid, 1000, 1001, 1002))
		return errno;
	return scenario_errno(syscall(SYS_setresuid, 1000, 1001, 1002));
}

static int other_groups(void)
{
	gid_t groups[] = { 5, 1000, 70000 };

	return scenario_errno(syscall(SYS_setgroups, 3, groups));
}

static int other_fsids(void)
{
	syscall(SYS_setfsgid, 1000);
	return scenario_errno(syscall(SYS_setfsuid, 1000));
}

static int bounding_set(void)
{
	return scenario_errno(prctl(PR_CAPBSET_DROP, CAP_SYS_TIME));
}

static int set_capabilities(unsigned int keep)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = {
		{ keep, keep, keep }, { 0, 0, 0 }
	};

	return scenario_errno(syscall(SYS_capset, &h, d));
}

static int few_capabilities(void)
{
	if (prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED))
		return errno;
	return set_capabilities(1u << CAP_NET_RAW | 1u << CAP_CHOWN);
}

static int ambient_set(void)
{
	int r = few_capabilities();

	return r ? r : scenario_errno(prctl(PR_CAP_AMBIENT,
					    PR_CAP_AMBIENT_RAISE, CAP_NET_RAW,
					    0, 0));
}

/* KEYCTL_JOIN_SESSION_KEYRING */
static int session_keyring(void)
{
	return scenario_errno(syscall(SYS_keyctl, 1, "mine", 0, 0, 0));
}

/* KEYCTL_GET_KEYRING_ID with creation: thread and process keyring */
static int other_keyrings(void)
{
	if (syscall(SYS_keyctl, 0, -1, 1, 0, 0) < 0)
		return errno;
	return scenario_errno(syscall(SYS_keyctl, 0, -2, 1, 0, 0));
}

static int unshare_it(int flags)
{
	return scenario_errno(unshare(flags));
}

static int host_name(void)
{
	int r = unshare_it(CLONE_NEWUTS);

	return r ? r : scenario_errno(sethostname("elsewhere", 9));
}

static int network(void) { return unshare_it(CLONE_NEWNET); }
static int ipc(void) { return unshare_it(CLONE_NEWIPC); }
static int cgroup(void) { return unshare_it(CLONE_NEWCGROUP); }
static int mounts(void) { return unshare_it(CLONE_NEWNS); }
static int pids(void) { return unshare_it(CLONE_NEWPID); }
static int times(void) { return unshare_it(0x80 /* CLONE_NEWTIME */); }
static int files(void) { return unshare_it(CLONE_FILES); }

static int private_fs(void)
{
	int r = unshare_it(CLONE_FS);

	return r ? r : scenario_errno(chdir("/usr"));
}

static const struct scenario list[] = {
	{ "ids of the thread", "uid", other_ids, NULL, 0 },
	{ "groups of the thread", "groups", other_groups, NULL, 0 },
	{ "file system ids", NULL, other_fsids, NULL, 0 },
	{ "a smaller bounding set", "cap.bounding", bounding_set, NULL, 0 },
	{ "few capabilities, no root", "cap.inheritable", few_capabilities,
	  NULL, 0 },
	{ "an ambient capability", "cap.ambient", ambient_set, NULL, 0 },
	{ "a session keyring", "keyring.session", session_keyring, NULL, 0 },
	{ "thread and process keyring", NULL, other_keyrings, NULL, 0 },
	{ "a UTS namespace", "uname", host_name, NULL, 0 },
	{ "a network namespace", NULL, network, NULL, 0 },
	{ "an IPC namespace", NULL, ipc, NULL, 0 },
	{ "a cgroup namespace", NULL, cgroup, NULL, 0 },
	{ "a mount namespace", NULL, mounts, NULL, 0 },
	{ "a pid namespace for children", "ns.pid_for_children", pids, NULL,
	  0 },
	{ "a time namespace for children", "ns.numbers", times, NULL, 0 },
	{ "a descriptor table of its own", NULL, files, NULL, 0 },
	{ "a private fs", "proc.cwd", private_fs, NULL, 0 },
};

const struct scenario_list scenarios_of_credentials = SCENARIO_LIST(list);
