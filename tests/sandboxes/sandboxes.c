/* SPDX-License-Identifier: MIT */
/*
 * The filters and limits that programs really live under: which strategy is
 * chosen in each, that cx_status says so, and that the frozen race is won.
 * The directory of compile's *.bpf is in $SANDBOXES.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frozen.h"
#include "kernel.h"
#include "tap.h"

enum { INSTRUCTIONS = 4096 };

static struct {
	enum cx_strategy in_force;
	enum cx_reason reason;
} expected;

/* In the exec'ing process, with its second thread there. */
static void expect_status(void)
{
	struct cx_status s = { .size = sizeof s };

	if (cx_status(&s))
		_exit(98);
	if (s.in_force != expected.in_force || s.reason != expected.reason ||
	    s.alone || s.fs_private)
		_exit(99);
}

/* As if a thread had been created under guard before. */
static void guard_then_expect_status(void)
{
	cx_before_clone();
	cx_after_clone();
	expect_status();
}

static void (*prepare)(void) = expect_status;

/* The control is the same without us. */
static void expect(enum cx_strategy in_force, enum cx_reason reason,
		   enum target_verdict verdict)
{
	struct frozen_way ours = { .prepare = prepare };
	struct race_result r;

	expected.in_force = in_force;
	expected.reason = reason;
	r = frozen_run(TARGET_SETUID, &ours, in_force == CX_LOCK);
	check(r.verdict == verdict, "%s, status %#x, error %s",
	      target_verdict_name(r.verdict), (unsigned int)r.status,
	      strerror(-r.error));
}

static void control(enum target_verdict verdict)
{
	struct frozen_way plain = { .plain = 1 };
	struct race_result r = frozen_run(TARGET_SETUID, &plain, 0);

	check(r.verdict == verdict, "the control: %s, status %#x, error %s",
	      target_verdict_name(r.verdict), (unsigned int)r.status,
	      strerror(-r.error));
}

/* While there is CAP_SYS_ADMIN, so that no_new_privs is not needed. */
static void install(const char *name)
{
	static struct sock_filter code[INSTRUCTIONS];
	const char *dir = getenv("SANDBOXES");
	struct sock_fprog program = { .filter = code };
	char path[512];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "%s/%s.bpf", dir ? dir : ".", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		tap_skip("no filter %s: see compile", path);
	n = read(fd, code, sizeof code);
	close(fd);
	check(n > 0 && n % (ssize_t)sizeof *code == 0 &&
	      n < (ssize_t)sizeof code, "%s: %zd bytes", path, n);
	program.len = (unsigned short)(n / (ssize_t)sizeof *code);
	check(prctl(PR_SET_SECCOMP, 2 /* FILTER */, &program) == 0,
	      "%s: %s", path, strerror(errno));
}

static void docker(void)
{
	frozen_need_targets();
	install("docker");
	control(kernel_plain());
	expect(CX_HELPER, CX_REASON_UNSHARE_REFUSED, TARGET_KEPT);
}

static void podman(void)
{
	frozen_need_targets();
	install("podman");
	control(kernel_plain());
	expect(CX_UNSHARE, CX_REASON_FIRST_CHOICE, TARGET_KEPT);
}

static void systemd(void)
{
	frozen_need_targets();
	install("systemd");
	control(kernel_plain());
	expect(CX_UNSHARE, CX_REASON_FIRST_CHOICE, TARGET_KEPT);
}

/* Nothing is granted there, with or without us, and nothing else changes. */
static void no_new_privs(void)
{
	frozen_need_targets();
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	control(TARGET_LOST);
	expect(CX_UNSHARE, CX_REASON_FIRST_CHOICE, TARGET_LOST);
}

/* In a mount namespace of our own, so that nothing needs undoing. */
static void own_mounts(void)
{
	check(unshare(CLONE_NEWNS) == 0 &&
	      mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0,
	      "no mount namespace: %s", strerror(errno));
}

static void nosuid(void)
{
	const char *place;

	frozen_need_named_targets();
	place = getenv("TMPDIR");
	own_mounts();
	check(mount(place, place, NULL, MS_BIND, NULL) == 0 &&
	      mount("none", place, NULL, MS_BIND | MS_REMOUNT | MS_NOSUID,
		    NULL) == 0, "%s", strerror(errno));
	control(TARGET_LOST);
	expect(CX_UNSHARE, CX_REASON_FIRST_CHOICE, TARGET_LOST);
}

/* An empty directory over /proc: what a chroot without it is to us. */
static void no_proc(void)
{
	frozen_need_named_targets();
	control(kernel_plain());
	own_mounts();
	check(mount("none", "/proc", "tmpfs", 0, NULL) == 0, "%s",
	      strerror(errno));
	expect(CX_UNSHARE, CX_REASON_FIRST_CHOICE, TARGET_KEPT);
}

/*
 * Nothing tells a thread from a vfork child then but the lock's page, which
 * knows the process from the first guarded creation on (SECURITY.md).
 */
static void docker_without_proc(void)
{
	prepare = guard_then_expect_status;
	frozen_need_named_targets();
	own_mounts();
	check(mount("none", "/proc", "tmpfs", 0, NULL) == 0, "%s",
	      strerror(errno));
	install("docker");
	control(kernel_plain());
	expect(CX_HELPER, CX_REASON_UNSHARE_REFUSED, TARGET_KEPT);
}

static const struct tap_case cases[] = {
	{ "Docker's default profile: helper", docker, 60 },
	{ "Podman's: unshare", podman, 60 },
	{ "systemd's @system-service, RestrictNamespaces: unshare", systemd,
	  60 },
	{ "no_new_privs: nothing is granted, as without us", no_new_privs, 60 },
	{ "nosuid: the same", nosuid, 60 },
	{ "no /proc: unshare", no_proc, 60 },
	{ "Docker's profile and no /proc, a guarded creation before: helper",
	  docker_without_proc, 60 },
};

int main(void)
{
	return tap_main(cases);
}
