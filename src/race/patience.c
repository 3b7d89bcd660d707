/* SPDX-License-Identifier: MIT */
#include "patience.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

static const long long slice_ns = PATIENCE_SLICE_MS * 1000000LL;

static long long cpu_time(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t))
		return 0;
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* The letter behind the name, which may have brackets in it. */
static int thread_state(int tasks, const char *tid)
{
	char path[64], text[512], *end;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%.32s/stat", tid);
	fd = openat(tasks, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 'X';
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	end = strrchr(text, ')');
	return end && end[1] ? end[2] : 'X';
}

/* True also if nothing tells: then the time counts. */
static int all_sleep(pid_t pid)
{
	char path[32];
	struct dirent *d;
	int sleep = 1;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	if (!dir)
		return 1;
	while (sleep && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			sleep = !!strchr("SIZX",
					 thread_state(dirfd(dir), d->d_name));
	closedir(dir);
	return sleep;
}

void patience_begin(struct patience *p, pid_t pid, int limit_ms)
{
	p->pid = pid;
	p->limit = limit_ms * 1000000LL;
	p->spent = 0;
	p->begun = p->looked = clock_ns();
	p->cpu = cpu_time(pid);
}

/* One look stands for the time since the last; if we were kept from looking
   ourselves, for a part of it. */
int patience_look(struct patience *p)
{
	long long now = clock_ns(), slice = now - p->looked, cpu, used;

	if (slice < slice_ns)
		return 0;
	p->looked = now;
	cpu = cpu_time(p->pid);
	used = cpu - p->cpu;
	p->cpu = cpu;
	if (slice > 2 * slice_ns)
		slice = 2 * slice_ns;
	if (used > 0)
		p->spent += used;
	if (used < slice && all_sleep(p->pid))
		p->spent += slice - (used > 0 ? used : 0);
	if (p->spent >= p->limit)
		return -ETIMEDOUT;
	return now - p->begun >= PATIENCE_BOUND * p->limit ? -EBUSY : 0;
}

void patience_kill(struct patience *p, int *status)
{
	kill(p->pid, SIGKILL);
	while (waitpid(p->pid, status, 0) < 0 && errno == EINTR)
		;
}

int patience_reap(struct patience *p, int *status)
{
	pid_t ret;
	int error;

	while ((ret = waitpid(p->pid, status, WNOHANG)) == 0) {
		error = patience_look(p);
		if (error) {
			patience_kill(p, status);
			return error;
		}
		usleep(50);
	}
	return ret < 0 ? -errno : 0;
}
