/* SPDX-License-Identifier: MIT */
/*
 * Where the normal way is refused: what auto takes instead, that cx_status
 * says so, and that the frozen race is still won.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filter.h"
#include "frozen.h"
#include "kernel.h"
#include "sys.h"
#include "tap.h"

static struct {
	enum cx_strategy in_force;
	enum cx_reason reason;
	int full;	/* no more threads: RLIMIT_NPROC */
	int pids_max;	/* no more threads: this file says how many */
} expected;

/* In the exec'ing process, with its second thread there. */
static void expect_status(void)
{
	struct cx_status s = { .size = sizeof s };
	struct rlimit none = { 0, 0 };

	if (expected.full)
		setrlimit(RLIMIT_NPROC, &none);
	if (expected.pids_max > 0 && write(expected.pids_max, "1", 1) != 1)
		_exit(97);
	if (cx_status(&s))
		_exit(98);
	if (s.in_force != expected.in_force || s.reason != expected.reason ||
	    s.alone || s.fs_private)
		_exit(99);
}

static void expect(enum cx_strategy s, enum cx_strategy in_force,
		   enum cx_reason reason)
{
	struct frozen_way plain = { .plain = 1 };
	struct frozen_way ours = { .strategy = s, .prepare = expect_status };
	struct race_result r;

	cx_set_strategy(s);
	expected.in_force = in_force;
	expected.reason = reason;
	r = frozen_run(TARGET_SETUID, &plain, 0);
	check(r.verdict == kernel_plain(), "the control: %s",
	      target_verdict_name(r.verdict));
	r = frozen_run(TARGET_SETUID, &ours, in_force == CX_LOCK);
	check(r.verdict == TARGET_KEPT, "asked %s: %s, status %#x, error %s",
	      strategy_name(s), target_verdict_name(r.verdict),
	      (unsigned int)r.status, strerror(-r.error));
}

static void nothing_refused(void)
{
	frozen_need_targets();
	expect(CX_AUTO, CX_UNSHARE, CX_REASON_FIRST_CHOICE);
	expect(CX_UNSHARE, CX_UNSHARE, CX_REASON_FIRST_CHOICE);
	expect(CX_HELPER, CX_HELPER, CX_REASON_FIRST_CHOICE);
	expect(CX_LOCK, CX_LOCK, CX_REASON_FIRST_CHOICE);
}

static void harmless_filter(void)
{
	frozen_need_targets();
	filter_refuse(SYS_kexec_load, EPERM);
	expect(CX_AUTO, CX_UNSHARE, CX_REASON_FIRST_CHOICE);
}

static void docker(void)
{
	frozen_need_targets();
	filter_like_docker();
	expect(CX_AUTO, CX_HELPER, CX_REASON_UNSHARE_REFUSED);
	expect(CX_UNSHARE, CX_LOCK, CX_REASON_UNSHARE_REFUSED);
	expect(CX_HELPER, CX_HELPER, CX_REASON_FIRST_CHOICE);
}

static void killer(void)
{
	frozen_need_targets();
	filter_that_kills();
	expect(CX_AUTO, CX_HELPER, CX_REASON_UNSHARE_REFUSED);
	expect(CX_UNSHARE, CX_LOCK, CX_REASON_UNSHARE_REFUSED);
}

static void greater_killer(void)
{
	frozen_need_targets();
	filter_that_kills();
	filter_kill(SYS_sched_getattr);
	expect(CX_AUTO, CX_LOCK, CX_REASON_HELPER_REFUSED);
	expect(CX_HELPER, CX_LOCK, CX_REASON_HELPER_REFUSED);
}

/* Threads may be made, and processes not: then nothing can be tried, and what
   the filter kills for is not done. */
static void no_children(void)
{
	frozen_need_targets();
	filter_kill(SYS_sched_getattr);
	filter_that_kills();
	filter_refuse_if(SYS_clone, SYS_CLONE_FLAGS,
			 CLONE_FILES | CLONE_UNTRACED, EPERM);
	expect(CX_AUTO, CX_LOCK, CX_REASON_HELPER_REFUSED);
	expect(CX_UNSHARE, CX_LOCK, CX_REASON_UNSHARE_REFUSED);
	expect(CX_HELPER, CX_LOCK, CX_REASON_HELPER_REFUSED);
}

/* The same said by a signal, which the program handles. */
static void handle_trap(int sig)
{
	(void)sig;
}

static void trapped(void)
{
	struct sigaction sa = { .sa_handler = handle_trap };

	frozen_need_targets();
	sigaction(SIGSYS, &sa, NULL);
	filter_trap_if(SYS_clone, SYS_CLONE_FLAGS,
			 CLONE_FILES | CLONE_UNTRACED);
	expect(CX_AUTO, CX_LOCK, CX_REASON_HELPER_REFUSED);
}

static void full(void)
{
	frozen_need_targets();
	expected.full = 1;
	expect(CX_AUTO, CX_UNSHARE, CX_REASON_FIRST_CHOICE);
	expect(CX_HELPER, CX_LOCK, CX_REASON_HELPER_REFUSED);
}

static void docker_and_full(void)
{
	frozen_need_targets();
	filter_like_docker();
	expected.full = 1;
	expect(CX_AUTO, CX_LOCK, CX_REASON_HELPER_REFUSED);
}

/* ---- The same limit set by a cgroup ---- */

static char cgroup[128];

/* A mount of our own, so nothing depends on where the system has its. */
static int mount_pids(void)
{
	snprintf(cgroup, sizeof cgroup, "/tmp/clonexec-cgroup-XXXXXX");
	if (!mkdtemp(cgroup))
		return -1;
	if (mount("none", cgroup, "cgroup", 0, "pids") == 0)
		return 0;
	return mount("none", cgroup, "cgroup2", 0, NULL);
}

static void leave_cgroup(char *group)
{
	char path[256];
	int fd;

	snprintf(path, sizeof path, "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		dprintf(fd, "%d", (int)getpid());
		close(fd);
	}
	rmdir(group);
	umount2(cgroup, MNT_DETACH);
	rmdir(cgroup);
}

static void pids_max(void)
{
	char group[192], path[256];
	int fd;

	frozen_need_targets();
	if (mount_pids())
		tap_skip("no pids cgroup: %s", strerror(errno));
	snprintf(group, sizeof group, "%s/clonexec-test-%d", cgroup,
		 (int)getpid());
	mkdir(group, 0755);
	snprintf(path, sizeof path, "%s/pids.max", group);
	expected.pids_max = open(path, O_WRONLY | O_CLOEXEC);
	snprintf(path, sizeof path, "%s/cgroup.procs", group);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (expected.pids_max < 0 || fd < 0 || dprintf(fd, "%d",
						       (int)getpid()) < 0) {
		leave_cgroup(group);
		tap_skip("no pids controller");
	}
	expect(CX_AUTO, CX_UNSHARE, CX_REASON_FIRST_CHOICE);
	check(write(expected.pids_max, "max", 3) == 3, "pids.max");
	expect(CX_HELPER, CX_LOCK, CX_REASON_HELPER_REFUSED);
	leave_cgroup(group);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "nothing refused: each strategy is its own", nothing_refused,
		  60 },
		{ "a filter that allows unshare: unshare", harmless_filter,
		  60 },
		{ "Docker's default filter: helper", docker, 60 },
		{ "a filter that kills for unshare: helper, nobody killed",
		  killer, 60 },
		{ "one that kills for more: lock, and nobody killed",
		  greater_killer, 60 },
		{ "one that lets no child be made: lock, and nobody killed",
		  no_children, 60 },
		{ "one that sends a signal for that: the same", trapped, 60 },
		{ "RLIMIT_NPROC full: unshare", full, 60 },
		{ "pids.max full: unshare", pids_max, 60 },
		{ "both: the lock, for guarded creators", docker_and_full,
		  60 },
	};

	return tap_main(cases);
}
