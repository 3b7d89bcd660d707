/* SPDX-License-Identifier: MIT */
/* Scenarios: the process, its children and what else knows it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scenario.h"

static int new_session(void)
{
	return scenario_errno(setsid());
}

static int new_group(void)
{
	return scenario_errno(setpgid(0, 0));
}

static int limits(void)
{
	struct rlimit files = { 111, 222 }, core = { 0, 4096 },
		      cpu = { 1000, 2000 };

	setrlimit(RLIMIT_NOFILE, &files);
	setrlimit(RLIMIT_CPU, &cpu);
	return scenario_errno(setrlimit(RLIMIT_CORE, &core));
}

static int put_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
	int r = n < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return r;
}

static int oom_score(void)
{
	return put_text("/proc/self/oom_score_adj", "321");
}

static int core_filter(void)
{
	return put_text("/proc/self/coredump_filter", "0x11");
}

/* A zombie that its parent has not looked at. */
static int zombie(void)
{
	siginfo_t info;
	pid_t pid = fork();

	if (pid == 0)
		_exit(33);
	return scenario_errno(waitid(P_PID, (id_t)pid, &info,
				     WEXITED | WNOWAIT));
}

/*
 * A child that ends when the last copy of the pipe's other end is closed,
 * which the new program has.  `be` is called in it first.
 */
static int start_child(void (*be)(void))
{
	int end[2], ready[2];
	char c;

	if (pipe(end) || pipe2(ready, O_CLOEXEC))
		return errno;
	scenario_child = fork();
	if (scenario_child == 0) {
		close(1); /* the driver waits for the end of the output */
		close(end[1]);
		be();
		close(ready[0]);
		close(ready[1]);
		_exit(read(end[0], &c, 1) != 0);
	}
	close(ready[1]);
	if (scenario_child < 0 || read(ready[0], &c, 1) != 0)
		return EAGAIN;
	close(ready[0]);
	return 0;
}

static void be_ordinary(void)
{
}

static int child(void)
{
	return start_child(be_ordinary);
}

static void be_told_of_death(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
}

/*
 * Such a child gets its signal when the thread that made it is gone.  Exec
 * ends every other thread, so by a helper that is the caller.
 */
static int child_with_death_signal(void)
{
	return start_child(be_told_of_death);
}

/* The tracer is the thread, not the process. */
static int tracee(void)
{
	int r = start_child(be_ordinary);

	return r ? r : scenario_errno(ptrace(PTRACE_SEIZE, scenario_child,
					     NULL, NULL));
}

/* Undone when the process ends, and not before. */
static int semaphore(void)
{
	struct sembuf up = { .sem_num = 0, .sem_op = 5, .sem_flg = SEM_UNDO };
	int id = semget(getpid(), 1, IPC_CREAT | IPC_EXCL | 0600);

	return id < 0 ? errno : scenario_errno(semop(id, &up, 1));
}

/* It counts what this thread does, so long as there is this thread. */
static int counter(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_SW_TASK_CLOCK,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);

	return fd < 0 ? errno : scenario_errno(dup2(fd, 60));
}

static const struct scenario list[] = {
	{ "a new session", NULL, new_session, NULL, 0 },
	{ "a new process group", NULL, new_group, NULL, 0 },
	{ "resource limits", "rlimit.7", limits, NULL, 0 },
	{ "an OOM score", "proc.oom_score_adj", oom_score, NULL, 0 },
	{ "a core dump filter", "proc.coredump_filter", core_filter, NULL,
	  0 },
	{ "a child that waits to be reaped", "child.status", zombie, NULL,
	  0 },
	{ "a child that runs", "children", child, NULL, 0 },
	{ "a child with PR_SET_PDEATHSIG", "children",
	  child_with_death_signal, NULL, 0 },
	{ "a process that the thread traces", "children", tracee, NULL, 0 },
	{ "a semaphore with undo", "sem", semaphore, NULL, 0 },
	{ "a performance counter", "counter", counter, NULL, 0 },
};

const struct scenario_list scenarios_of_processes = SCENARIO_LIST(list);
