/* SPDX-License-Identifier: MIT */
#include "processes.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "installed.h"
#include "rights.h"

/* For all programs that are looked into. */
#define ROOM (4ULL << 30)

/* What /proc says of one process. */
struct seen {
	int pid, threads, no_new_privs;
	int is_watcher, uid; /* the effective one */
	char path[PATH_MAX];
	char cgroup[PATH_MAX];
};

const char *processes_state_name(enum processes_state state)
{
	static const char *const names[PROCESSES_STATES] = {
		[PROCESSES_OPEN] = "open",
		[PROCESSES_SHIM] = "shim",
		[PROCESSES_LIBRARY] = "library",
		[PROCESSES_GUARDED] = "guard",
		[PROCESSES_NOTHING] = "no_new_privs",
	};

	return names[state];
}

/* ---- One process ------------------------------------------------------ */

static FILE *open_of(int pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return fopen(path, "re");
}

/* 0, or -1: it is gone. */
static int read_status(struct seen *s)
{
	FILE *in = open_of(s->pid, "status");
	char line[256];

	if (!in)
		return -1;
	s->threads = s->no_new_privs = s->is_watcher = 0;
	s->uid = -1;
	while (fgets(line, sizeof(line), in)) {
		s->is_watcher |=
			!strcmp(line, "Name:\t" INSTALLED_WATCHER "\n");
		sscanf(line, "Uid: %*d %d", &s->uid);
		sscanf(line, "Threads: %d", &s->threads);
		sscanf(line, "NoNewPrivs: %d", &s->no_new_privs);
	}
	fclose(in);
	return 0;
}

/* The path in a line ID:CONTROLLERS:PATH that is of version 2, or of systemd's
   own hierarchy of version 1; or NULL.  (A path can have colons, too.) */
static const char *cgroup_in(const char *line)
{
	static const char systemd[] = ":name=systemd:";
	const char *controllers = line + strspn(line, "0123456789");

	if (!strncmp(line, "0::", 3))
		return line + 3;
	if (!strncmp(controllers, systemd, strlen(systemd)))
		return controllers + strlen(systemd);
	return NULL;
}

static void read_cgroup(struct seen *s)
{
	FILE *in = open_of(s->pid, "cgroup");
	char line[PATH_MAX + 64];
	const char *at;

	s->cgroup[0] = '\0';
	while (in && fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		at = cgroup_in(line);
		if (at && strlen(at) > strlen(s->cgroup) &&
		    strlen(at) < sizeof(s->cgroup))
			strcpy(s->cgroup, at);
	}
	if (in)
		fclose(in);
}

/* -EACCES: only root may know; -ENOENT: a kernel thread, or gone. */
static int read_path(struct seen *s)
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%d/exe", s->pid);
	n = readlink(link, s->path, sizeof(s->path) - 1);
	if (n < 0)
		return -errno;
	s->path[n] = '\0';
	return 0;
}

static enum processes_state find_library(const struct seen *s)
{
	FILE *in = open_of(s->pid, "maps");
	enum processes_state found = PROCESSES_OPEN;
	char *line = NULL;
	size_t size = 0;

	while (in && found != PROCESSES_SHIM && getline(&line, &size, in) > 0) {
		if (strstr(line, "/" INSTALLED_SHIM))
			found = PROCESSES_SHIM;
		else if (strstr(line, "/libclonexec.so"))
			found = PROCESSES_LIBRARY;
	}
	free(line);
	if (in)
		fclose(in);
	return found;
}

static enum processes_state judge(const struct seen *s, int guarded)
{
	enum processes_state found;

	if (s->no_new_privs)
		return PROCESSES_NOTHING;
	found = find_library(s);
	if (found == PROCESSES_OPEN && guarded)
		return PROCESSES_GUARDED;
	return found;
}

/* ---- All of them ------------------------------------------------------ */

static struct processes_group *find(struct processes *p, const struct seen *s,
				    const struct unit *u,
				    enum processes_state state)
{
	struct processes_group *g;
	int i;

	for (i = 0; i < p->groups; i++) {
		g = &p->group[i];
		if (g->state == state && !strcmp(g->path, s->path) &&
		    !strcmp(g->unit.name, u->name) &&
		    !strcmp(g->unit.container, u->container))
			return g;
	}
	if (p->groups == PROCESSES_GROUPS)
		return NULL;
	g = &p->group[p->groups++];
	memset(g, 0, sizeof(*g));
	strcpy(g->path, s->path);
	g->unit = *u;
	g->state = state;
	g->pid = s->pid;
	return g;
}

/* As the kernel marks it; there is nothing that could be started instead. */
static int is_gone(const char *path)
{
	static const char mark[] = " (deleted)";
	size_t n = strlen(path), m = strlen(mark);

	return n > m && !strcmp(path + n - m, mark);
}

static void advise(struct processes_group *g, const char *shim,
		   unsigned long long *room)
{
	struct remedy_case c = {
		.unit = &g->unit,
		.caller = remedy_look((unsigned int)g->pid, g->path, &g->unit,
				      room),
		.path = is_gone(g->path) ? NULL : g->path,
		.shim = shim,
	};

	remedy_find(&c, &g->remedy);
}

static void add(struct processes *p, const struct seen *s,
		enum processes_state state)
{
	struct processes_group *g;
	struct unit u;

	unit_find(s->cgroup, &u);
	p->count[state]++;
	g = find(p, s, &u, state);
	if (!g) {
		p->untold++;
		return;
	}
	g->count++;
	if (s->threads > g->threads)
		g->threads = s->threads;
}

static void look_at(struct processes *p, int pid, int guarded)
{
	struct seen s = { .pid = pid };
	int error;

	if (read_status(&s))
		return;
	/* By its name, which all may read.  Anybody may have it, but not as
	   root. */
	if (s.is_watcher && !s.uid)
		p->watched = 1;
	if (s.threads < 2)
		return;
	error = read_path(&s);
	if (error == -EACCES || error == -EPERM)
		p->hidden++;
	if (error)
		return;
	read_cgroup(&s);
	add(p, &s, judge(&s, guarded));
}

static int by_count(const void *a, const void *b)
{
	const struct processes_group *one = a, *other = b;

	if (one->state != other->state)
		return (int)one->state - (int)other->state;
	return other->count - one->count;
}

int processes_look(struct processes *p, int guarded, const char *shim)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	int n = 0;

	if (!dir)
		return -errno;
	memset(p, 0, sizeof(*p));
	p->room = ROOM;
	while (n < PROCESSES_MOST && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		n++;
		look_at(p, atoi(entry->d_name), guarded);
	}
	closedir(dir);
	/* From here on paths of others are opened. */
	rights_give_up_others();
	for (n = 0; n < p->groups; n++)
		if (p->group[n].state == PROCESSES_OPEN)
			advise(&p->group[n], shim, &p->room);
	qsort(p->group, (size_t)p->groups, sizeof(p->group[0]), by_count);
	return 0;
}
