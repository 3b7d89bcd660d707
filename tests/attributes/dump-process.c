/* SPDX-License-Identifier: MIT */
/* The dumper: what the kernel keeps for the process, and how it started. */
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "before.h"
#include "dump.h"

void dump_limits(void)
{
	struct itimerval timer;
	struct rlimit limit;
	char key[32];
	int i, r;

	for (i = 0; i < RLIM_NLIMITS; i++) {
		r = getrlimit(i, &limit);
		snprintf(key, sizeof key, "rlimit.%d", i);
		put(key, "%d %lld %lld", r, (long long)limit.rlim_cur,
		    (long long)limit.rlim_max);
	}
	for (i = ITIMER_REAL; i <= ITIMER_PROF; i++) {
		getitimer(i, &timer);
		snprintf(key, sizeof key, "itimer.%d", i);
		put(key, "%s every %ld", timer.it_value.tv_sec ? "on" : "off",
		    (long)timer.it_interval.tv_sec);
	}
}

void dump_ids(const struct before *b)
{
	struct utsname u;
	mode_t mask;

	put_kept("pid", getpid(), b->pid);
	put_kept("tid", gettid(), b->pid);
	put_kept("ppid", getppid(), b->ppid);
	put_kept("pgid", getpgid(0), b->pgid);
	put_kept("sid", getsid(0), b->sid);
	mask = umask(0);
	umask(mask);
	put("umask", "%o", mask);
	put("personality", "%x", personality(0xffffffff));
	uname(&u);
	put("uname", "%s %s", u.nodename, u.machine);
}

/* Its /proc/PID/status: what came of it when its parent's threads ended. */
static void dump_child(int pid)
{
	char path[64], line[256];
	unsigned long pending = 0;
	int tracer = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f)) {
		sscanf(line, "TracerPid: %d", &tracer);
		sscanf(line, "ShdPnd: %lx", &pending);
	}
	if (f)
		fclose(f);
	put("child.traced", "%s", tracer == getpid() ? "by us"
			    : tracer ? "by another" : "no");
	put("child.pending", "%lx", pending);
}

/* They are children of the process still, whoever made them. */
void dump_children(const struct before *b)
{
	struct rusage u;
	siginfo_t info;
	int r;

	info.si_pid = 0;
	r = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
	put("children", "%s", r ? strerror(errno) : info.si_pid ? "a zombie"
							       : "running");
	put("child.status", "%d", r || !info.si_pid ? 0 : info.si_status);
	getrusage(RUSAGE_CHILDREN, &u);
	put("children.faults", "%s", u.ru_minflt ? "some" : "none");
	dump_child(b->child);
}

/* The key is the pid: no two tests meet.  An undo shows in the value. */
void dump_semaphores(void)
{
	int id = semget(getpid(), 1, 0);

	put("sem", "%d", id < 0 ? -1 : semctl(id, 0, GETVAL));
}

static const struct {
	unsigned long type;
	const char *key;
} numbers[] = {
	{ AT_SECURE, "auxv.secure" },	{ AT_UID, "auxv.uid" },
	{ AT_EUID, "auxv.euid" },	{ AT_GID, "auxv.gid" },
	{ AT_EGID, "auxv.egid" },	{ AT_FLAGS, "auxv.flags" },
	{ AT_PAGESZ, "auxv.pagesz" },	{ AT_CLKTCK, "auxv.clktck" },
	{ AT_HWCAP, "auxv.hwcap" },	{ AT_HWCAP2, "auxv.hwcap2" },
	{ AT_PHNUM, "auxv.phnum" },	{ AT_BASE, "auxv.base" },
	{ AT_MINSIGSTKSZ, "auxv.minsigstksz" },
};

void dump_start(char **argv, char **envp)
{
	unsigned int i;

	for (i = 0; argv[i]; i++)
		put("argv", "%s", argv[i]);
	for (i = 0; envp[i]; i++)
		if (strncmp(envp[i], BEFORE_NAME "=", 7) != 0)
			put("env", "%s", envp[i]);
	put("envc", "%u", i);
	for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
		put(numbers[i].key, "%lx", getauxval(numbers[i].type));
	put("auxv.execfn", "%s", (char *)getauxval(AT_EXECFN));
	put("auxv.platform", "%s", (char *)getauxval(AT_PLATFORM));
}
