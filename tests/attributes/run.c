/* SPDX-License-Identifier: MIT */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "before.h"
#include "filter.h"

const char *scenario_dumper;
int scenario_child;
char run_script[128];


static char before_text[256];
static char *const dump_env[] = { before_text, (char *)"A=1", NULL };
static char *const dump_args[] = { (char *)"dump", (char *)"an argument",
				   NULL };

static void note_before(void)
{
	static const char *const names[] = {
		"cgroup", "ipc", "mnt", "net", "pid", "pid_for_children",
		"time", "time_for_children", "user", "uts",
	};
	struct before b = { getpid(), getppid(), getpgid(0), getsid(0), 0, 0,
			    scenario_child };
	char path[64], line[1024] = "", *p = line;
	struct stat st;
	unsigned int i;
	FILE *f;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "/proc/thread-self/ns/%s",
			 names[i]);
		if (stat(path, &st) == 0)
			b.namespaces += st.st_ino * (i + 1);
	}
	f = fopen("/proc/self/stat", "re");
	if (f && fgets(line, sizeof line, f))
		for (i = 1; p && i < 22; i++)
			p = strchr(p, ' ') ? strchr(p, ' ') + 1 : NULL;
	if (f)
		fclose(f);
	b.start_time = p ? atoll(p) : 0;
	snprintf(before_text, sizeof before_text, BEFORE_NAME "=" BEFORE_FORMAT,
		 b.pid, b.ppid, b.pgid, b.sid, b.start_time, b.namespaces,
		 b.child);
}

static void exec_plain(const char *path, const char *name, int fd,
		       enum scenario_call call)
{
	if (call == BY_SEARCH)
		execvpe(name, dump_args, dump_env);
	else if (call == BY_DESCRIPTOR)
		fexecve(fd, dump_args, dump_env);
	else
		execve(path, dump_args, dump_env);
}

static void exec_ours(const char *path, const char *name, int fd,
		      enum scenario_call call)
{
	if (call == BY_SEARCH)
		cx_execvpe(name, dump_args, dump_env);
	else if (call == BY_DESCRIPTOR)
		cx_fexecve(fd, dump_args, dump_env);
	else
		cx_execve(path, dump_args, dump_env);
}

_Noreturn static void exec_dumper(const struct run *r)
{
	enum scenario_call call = r->scenario->call;
	const char *path = call == BY_SCRIPT ? run_script : scenario_dumper;
	const char *name = strrchr(path, '/') + 1;
	char dir[256];
	int fd = -1;

	snprintf(dir, sizeof dir, "%.*s", (int)(name - path), path);
	if (call == BY_RELATIVE_PATH && chdir(dir) == 0)
		path = name;
	if (call == BY_ROOTED_PATH)
		path = name - 1;
	if (call == BY_SEARCH)
		setenv("PATH", dir, 1);
	if (call == BY_DESCRIPTOR)
		fd = open(path, O_PATH | O_CLOEXEC);
	if (r->way->plain)
		exec_plain(path, name, fd, call);
	else
		exec_ours(path, name, fd, call);
	printf("exec=%s\n", strerror(errno));
	fflush(stdout);
	_exit(1);
}

_Noreturn static void cannot(int error)
{
	printf("impossible=%s\n", strerror(error));
	fflush(stdout);
	_exit(0);
}

static int leader_is_gone(void)
{
	char path[64], text[128] = "";
	FILE *f;

	snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)getpid());
	f = fopen(path, "re");
	if (f && !fgets(text, sizeof text, f))
		text[0] = '\0';
	if (f)
		fclose(f);
	return !f || strstr(text, ") Z") != NULL;
}

/* In the thread that is to exec. */
static void *set_and_exec(void *arg)
{
	const struct run *r = arg;
	int i, error;

	for (i = 0; r->place == WITHOUT_LEADER && i < 2000; i++)
		if (leader_is_gone())
			break;
		else
			usleep(500);
	pthread_sigmask(SIG_SETMASK, &r->mask, NULL);
	error = r->scenario->set();
	if (error)
		cannot(error);
	note_before();
	exec_dumper(r);
}

static void *idle(void *arg)
{
	for (;;)
		pause();
	return arg;
}

_Noreturn void run_start(struct run *r, int fd)
{
	pthread_t t;
	sigset_t all;
	int error;

	dup2(fd, 1);
	close(fd);
	/* close_range(3, ~0U, CLOSE_RANGE_CLOEXEC); glibc has it since 2.34. */
	syscall(436, 3, ~0U, 4, 0);
	if (r->scenario->prepare && (error = r->scenario->prepare()) != 0)
		cannot(error);
	if (r->way->filtered)
		filter_like_docker();
	cx_set_strategy(r->way->strategy);
	/* Signals for the process wait for the one that execs. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &r->mask);
	error = pthread_create(&t, NULL, idle, NULL);
	if (!error && r->place != LEADER)
		error = pthread_create(&t, NULL, set_and_exec, r);
	if (error)
		cannot(error);
	if (r->place == LEADER)
		set_and_exec(r);
	if (r->place == WITHOUT_LEADER)
		pthread_exit(NULL);
	for (;;)
		pause();
}
