/* SPDX-License-Identifier: MIT */
/*
 * Workers of vhost: threads of the process, made by the kernel inside of an
 * ioctl, with CLONE_FS.  The guard leaves them alone, for the ioctl answers
 * ENOMEM whatever the creation says, and so is not begun again.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vhost.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harm-race.h"
#include "stall.h"
#include "sys.h"
#include "tap.h"

#define DEVICE "/dev/vhost-vsock"

enum { WORKERS = 200 };

static atomic_int is_over;

/* 0, or the errno. */
static int make_worker(void)
{
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC), error;

	check(fd >= 0, DEVICE ": errno %d", errno);
	error = ioctl(fd, VHOST_SET_OWNER) ? errno : 0;
	close(fd);
	return error;
}

/* How many were refused, with the errno that this kernel has for it. */
static int make_workers(void)
{
	int i, error, refused = 0, last = 0;

	for (i = 0; i < WORKERS; i++) {
		error = make_worker();
		check(!error || error == EAGAIN || error == ENOMEM, "errno %d",
		      error);
		refused += error != 0;
		last = error ? error : last;
	}
	tap_note("%d of %d refused, errno %d", refused, WORKERS, last);
	return refused;
}

static void need_device(void)
{
	tap_need_root();
	if (access(DEVICE, F_OK))
		tap_absent("no " DEVICE);
	check(!chmod(DEVICE, 0666), "errno %d", errno);
}

/* ---- Beside an exec that stands still --------------------------------- */

static void *exec_once(void *path)
{
	char *argv[] = { path, NULL }, *envp[] = { NULL };

	if (sys_execve(path, argv, envp) != -ENOEXEC)
		_exit(1);
	return NULL;
}

static void case_standing(void)
{
	struct stall s;
	pthread_t execs;

	need_device();
	check(!make_worker(), "no worker");
	stall_open(&s);
	check(!pthread_create(&execs, NULL, exec_once, s.script), "no thread");
	stall_wait(&s);
	check(make_workers() == WORKERS, "some were made");
	stall_release(&s);
	pthread_join(execs, NULL);
	stall_close(&s);
	check(!make_worker(), "no worker");
}

/* ---- Beside execs that fail ------------------------------------------- */

static void *exec_often(void *path)
{
	char *argv[] = { path, NULL }, *envp[] = { NULL };

	while (!atomic_load(&is_over))
		if (sys_execve(path, argv, envp) != -ENOEXEC)
			_exit(1);
	return NULL;
}

static void case_failing(void)
{
	char path[] = "/tmp/vhost-XXXXXX";
	pthread_t execs;
	int fd;

	need_device();
	fd = mkstemp(path);
	check(fd >= 0 && write(fd, "nothing", 7) == 7 && !fchmod(fd, 0755) &&
		      !close(fd),
	      "no file");
	check(!pthread_create(&execs, NULL, exec_often, path), "no thread");
	make_workers();
	atomic_store(&is_over, 1);
	pthread_join(execs, NULL);
	unlink(path);
}

/* ---- Beside an exec that is begun again ------------------------------- */

static void *work_often(void *arg)
{
	for (;;)
		make_worker();
	return arg;
}

/* (Its creation meets no exec yet.) */
static int beside_workers(const char *path, char *const argv[],
			  char *const envp[], void *arg)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, work_often, NULL))
		_exit(1);
	return harm_exec(path, argv, envp, arg);
}

static void case_restarting(void)
{
	need_device();
	harm_must_keep(beside_workers);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "200 workers beside an exec that stands still: refused",
		  case_standing, 60 },
		{ "200 beside execs that fail: made or refused", case_failing,
		  60 },
		{ "kept while workers are made", case_restarting, 60 },
	};

	return tap_main(cases);
}
