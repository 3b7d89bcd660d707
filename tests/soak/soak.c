/* SPDX-License-Identifier: MIT */
/*
 * The soak: for as long as you like, processes that create threads in every
 * way exec programs of every kind by every strategy, and nothing may be lost.
 * Inside a cgroup with bounds on memory and processes.
 *
 * Exit status: 0 all well, 1 not, 2 usage, 77 cannot be done here.
 */
#include "soak.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "box.h"
#include "kernellog.h"

enum { CANNOT = 77, MAX_MINUTES = 10000, CONTROL_MS = 60000 };

struct soak *soak;
char soak_garbage[96];

long long soak_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* ---- In the box ---- */

static int make_garbage(const char *dir)
{
	int fd, r;

	snprintf(soak_garbage, sizeof soak_garbage, "%s/clonexec-soak-XXXXXX",
		 dir);
	fd = mkstemp(soak_garbage);
	if (fd < 0)
		return -1;
	r = write(fd, "\1\2", 2) == 2 ? fchmod(fd, 0755) : -1;
	close(fd);
	return r;
}

static pid_t start_resident(long long end)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		resident_run(end);
	}
	return pid;
}

/* All of the work.  The caller has moved us to the box. */
static int work(long long end)
{
	const struct target_caller caller = { 65534, 65534 };
	static struct targets targets;
	int status, error;
	pid_t resident;

	/* One directory that others may not search makes ENOENT EACCES. */
	setenv("PATH", "/usr/bin:/bin", 1);
	error = targets_make(&targets, &caller);
	if (error || make_garbage("/tmp")) {
		printf("soak: no target can be made: %s\n",
		       strerror(error ? -error : errno));
		return CANNOT;
	}
	if (racers_control(&targets, &caller, soak_now() + CONTROL_MS)) {
		puts("soak: plain execve loses nothing here, so this would "
		     "show nothing");
		status = CANNOT;
	} else {
		resident = start_resident(end);
		racers_run(&targets, &caller, end);
		if (waitpid(resident, &status, 0) != resident)
			status = -1;
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
			atomic_fetch_add(&soak->hangs, 1);
		status = status != 0;
	}
	unlink(soak_garbage);
	targets_remove(&targets);
	return status;
}

/* ---- Around it ---- */

static int supervise(const struct box *b, long long end)
{
	int status, error;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		signal(SIGINT, SIG_DFL);
		if (box_enter(b)) {
			printf("soak: cannot enter the cgroup: %s\n",
			       strerror(errno));
			exit(CANNOT);
		}
		setvbuf(stdout, NULL, _IOLBF, 0);
		exit(work(end));
	}
	while ((error = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
		;
	if (error < 0)
		return 1;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	printf("soak: the work was killed by signal %d\n", WTERMSIG(status));
	return 1;
}

static unsigned long sum_execs(void)
{
	unsigned long sum = 0;
	int i;

	for (i = 0; i < STRATEGIES; i++)
		sum += soak->execs[i];
	return sum;
}

static int report(const struct box *b, double minutes, int kmsg, int status)
{
	struct box_report r;
	unsigned long bad;
	struct utsname u;
	int lines = 0, warnings = 0;

	box_read(b, &r);
	uname(&u);
	printf("%.1f minutes on Linux %s, %s, %ld CPUs, in a cgroup v%d of %d "
	       "MB and %d processes\n", minutes, u.release, u.machine,
	       sysconf(_SC_NPROCESSORS_ONLN), b->version, BOX_MEMORY_MB,
	       BOX_PROCESSES);
	if (soak->fixed)
		puts("control, turned: this kernel has the bug fixed");
	printf("control: plain execve lost %lu of %lu, with %lu EAGAIN\n",
	       soak->plain_lost, soak->plain_runs, soak->plain_eagain);
	printf("execs: %lu (auto %lu, unshare %lu, helper %lu, lock %lu; %lu "
	       "with the race frozen); lost %lu, broken %lu, hangs %lu\n",
	       sum_execs(), soak->execs[CX_AUTO], soak->execs[CX_UNSHARE],
	       soak->execs[CX_HELPER], soak->execs[CX_LOCK], soak->frozen,
	       soak->lost, soak->broken, soak->hangs);
	printf("threads created: %lu; EAGAIN %lu\n", soak->created,
	       soak->eagain);
	printf("execs that failed as they should: %lu; with another errno "
	       "%lu\n", soak->failed_execs - soak->wrong_errno,
	       soak->wrong_errno);
	printf("children by fork, vfork, posix_spawn: %lu; wrong %lu\n",
	       soak->children, soak->wrong_children);
	printf("signals handled: %lu; other faults: %lu\n", soak->signals,
	       soak->other);
	printf("cgroup: peak %ld MB, killed for memory %ld, processes refused "
	       "%ld\n", r.peak_kb / 1024, r.oom_kills, r.refused);
	if (kmsg < 0) {
		puts("kernel log: NOT SCANNED, /dev/kmsg cannot be read");
	} else {
		warnings = kernellog_scan(kmsg, &lines);
		printf("kernel log: %d lines, %d warnings\n", lines, warnings);
	}
	bad = soak->lost + soak->broken + soak->hangs + soak->eagain +
	      soak->wrong_errno + soak->wrong_children + soak->other;
	if (status || bad || warnings || kmsg < 0 || r.oom_kills > 0 ||
	    r.refused > 0 || !sum_execs()) {
		puts("soak: FAILED");
		return 1;
	}
	puts("soak: all well");
	return 0;
}

static int usage(FILE *out)
{
	fputs("Usage: soak --minutes N\n"
	      "Execs by every strategy beside creators of every kind, in a "
	      "cgroup of its own.\n"
	      "Exit status: 0 all well, 1 not, 77 cannot be done here.\n", out);
	return out == stdout ? 0 : 2;
}

static long parse_minutes(int argc, char **argv)
{
	long minutes;
	char *end;

	if (argc != 3 || strcmp(argv[1], "--minutes") != 0)
		return -1;
	minutes = strtol(argv[2], &end, 10);
	return end != argv[2] && !*end && minutes > 0 &&
	       minutes <= MAX_MINUTES ? minutes : -1;
}

int main(int argc, char **argv)
{
	long minutes = parse_minutes(argc, argv);
	char why[256] = "";
	long long begin;
	int kmsg, status;
	struct box box;

	if (argc == 2 && !strcmp(argv[1], "--help"))
		return usage(stdout);
	if (minutes < 0)
		return usage(stderr);
	if (geteuid() != 0) {
		fputs("soak: needs root, for set-id programs and a cgroup\n",
		      stderr);
		return CANNOT;
	}
	if (box_make(&box, why, sizeof why)) {
		fprintf(stderr, "soak: no cgroup with bounds on memory and "
			"processes is available (%s), and not without one\n",
			why);
		return CANNOT;
	}
	soak = mmap(NULL, sizeof *soak, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (soak == MAP_FAILED)
		return CANNOT;
	/* A ^C ends the work; the cgroup goes all the same. */
	signal(SIGINT, SIG_IGN);
	kmsg = kernellog_open();
	begin = soak_now();
	status = supervise(&box, begin + minutes * 60000);
	if (status != CANNOT)
		status = report(&box, (double)(soak_now() - begin) / 60000,
				kmsg, status);
	box_remove(&box);
	return status;
}
