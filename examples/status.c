/* SPDX-License-Identifier: MIT */
/*
 * For a program that must know before it execs, and after an exec that failed:
 * is it protected from every creator of threads here, and is the working
 * directory of this thread still that of the process?
 *
 *	status FILE	0: prepared; 3: only guarded creators are kept out
 */
#include <clonexec.h>
#include <stdio.h>
#include <unistd.h>

static const char *const names[] = {
	[CX_AUTO] = "auto", [CX_UNSHARE] = "unshare",
	[CX_HELPER] = "helper", [CX_LOCK] = "lock",
};

static void *idle(void *arg)
{
	pause();
	return arg;
}

int main(int argc, char **argv)
{
	struct cx_status status = { .size = sizeof(status) };
	pthread_t thread;

	if (argc != 2 || cx_pthread_create(&thread, NULL, idle, NULL) != 0)
		return 2;
	if (cx_status(&status) != 0) {
		perror("status");
		return 1;
	}
	printf("alone %d, in force %s%s\n", status.alone,
	       names[status.in_force],
	       status.reason == CX_REASON_UNSHARE_REFUSED ?
	       ", unshare is refused" : "");
	fflush(stdout);
	if (!status.alone && status.in_force == CX_LOCK)
		return 3;
	cx_execv(argv[1], argv + 1);
	perror(argv[1]);
	if (cx_status(&status) != 0)
		return 1;
	/* If so: a chdir by another thread is no longer ours, so use paths
	   that begin with / from here on, or end this thread. */
	printf("cwd of its own: %s\n", status.fs_private ? "yes" : "no");
	return 0;
}
