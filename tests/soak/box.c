/* SPDX-License-Identifier: MIT */
#include "box.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int put(const char *dir, const char *file, const char *value)
{
	char path[PATH_MAX + 64];
	int fd, r;

	snprintf(path, sizeof path, "%s/%s", dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	r = write(fd, value, strlen(value)) == (ssize_t)strlen(value) ? 0 : -1;
	close(fd);
	return r;
}

/* The number on the line that begins with key, or the first one of the file
   if key is ""; -1 if there is none. */
static long get(const char *dir, const char *file, const char *key)
{
	char path[PATH_MAX + 64], line[256];
	long value = -1;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, file);
	f = fopen(path, "re");
	if (!f)
		return -1;
	while (value < 0 && fgets(line, sizeof line, f))
		if (!strncmp(line, key, strlen(key)))
			value = strtol(line + strlen(key), NULL, 10);
	fclose(f);
	return value;
}

static int has(const char *dir, const char *file)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof path, "%s/%s", dir, file);
	return access(path, W_OK) == 0;
}

/* ---- Where ---- */

/* The mount point of the controller's hierarchy; "" for v2's. */
static int find_mount(const char *controller, char *dir)
{
	FILE *f = setmntent("/proc/self/mounts", "r");
	struct mntent *m;
	int found = 0;

	while (f && !found && (m = getmntent(f)) != NULL)
		if (*controller ? !strcmp(m->mnt_type, "cgroup") &&
					  hasmntopt(m, controller) != NULL
				: !strcmp(m->mnt_type, "cgroup2"))
			found = snprintf(dir, PATH_MAX, "%s", m->mnt_dir) <
				PATH_MAX;
	if (f)
		endmntent(f);
	return found ? 0 : -1;
}

/* Whether the comma-separated list has the word ("" is in the empty one). */
static int lists(const char *list, const char *word)
{
	size_t n;

	for (;; list += n + 1) {
		n = strcspn(list, ",");
		if (n == strlen(word) && !strncmp(list, word, n))
			return 1;
		if (!list[n])
			return 0;
	}
}

/* Our own place in that hierarchy: "4:memory:/a/b" or "0::/a/b". */
static void find_own(const char *controller, char *dir)
{
	char line[PATH_MAX], *list, *path;
	FILE *f = fopen("/proc/self/cgroup", "re");
	size_t n = strlen(dir);
	struct stat st;

	while (f && fgets(line, sizeof line, f)) {
		list = strchr(line, ':');
		path = list ? strchr(list + 1, ':') : NULL;
		if (!path)
			continue;
		*path++ = '\0';
		if (!lists(list + 1, controller))
			continue;
		path[strcspn(path, "\n")] = '\0';
		snprintf(dir + n, PATH_MAX - n, "%s",
			 strcmp(path, "/") != 0 ? path : "");
		break;
	}
	if (f)
		fclose(f);
	/* A cgroup namespace may show another root than is mounted. */
	if (stat(dir, &st) != 0)
		dir[n] = '\0';
}

/* ---- Making ---- */

static int make(char *dir, const char *parent)
{
	if (snprintf(dir, PATH_MAX, "%s/clonexec-soak-%d", parent,
		     (int)getpid()) >= PATH_MAX)
		return -1;
	return mkdir(dir, 0755);
}

static int limit(struct box *b, const char *memory_file)
{
	char text[32];

	snprintf(text, sizeof text, "%lu", BOX_MEMORY_MB * 1024UL * 1024);
	if (put(b->memory, memory_file, text))
		return -1;
	snprintf(text, sizeof text, "%d", BOX_PROCESSES);
	return put(b->pids, "pids.max", text);
}

static int make_v1(struct box *b)
{
	char memory[PATH_MAX], pids[PATH_MAX];

	if (find_mount("memory", memory) || find_mount("pids", pids))
		return -1;
	find_own("memory", memory);
	find_own("pids", pids);
	b->version = 1;
	if (make(b->memory, memory))
		return -1;
	if (make(b->pids, pids)) {
		rmdir(b->memory);
		return -1;
	}
	if (limit(b, "memory.limit_in_bytes") == 0)
		return 0;
	box_remove(b);
	return -1;
}

/* A cgroup that has processes hands no controllers down, unless it is the
   root: so go up until one does. */
static int make_v2(struct box *b)
{
	char top[PATH_MAX], parent[PATH_MAX];

	if (find_mount("", top))
		return -1;
	strcpy(parent, top);
	find_own("", parent);
	b->version = 2;
	for (;;) {
		if (make(b->memory, parent) == 0) {
			strcpy(b->pids, b->memory);
			if (!has(b->memory, "memory.max"))
				put(parent, "cgroup.subtree_control",
				    "+memory +pids");
			if (limit(b, "memory.max") == 0)
				return 0;
			box_remove(b);
		}
		if (strlen(parent) <= strlen(top))
			return -1;
		*strrchr(parent, '/') = '\0';
	}
}

int box_make(struct box *b, char *why, unsigned int size)
{
	memset(b, 0, sizeof *b);
	if (make_v2(b) == 0)
		return 0;
	snprintf(why, size, "cgroup v2: %s", strerror(errno));
	if (make_v1(b) == 0)
		return 0;
	snprintf(why + strlen(why), size - strlen(why), "; v1: %s",
		 strerror(errno));
	return -1;
}

int box_enter(const struct box *b)
{
	char pid[16];

	snprintf(pid, sizeof pid, "%d", (int)getpid());
	return put(b->memory, "cgroup.procs", pid) ||
	       put(b->pids, "cgroup.procs", pid);
}

void box_read(const struct box *b, struct box_report *r)
{
	long peak;

	r->oom_kills = b->version == 2
		     ? get(b->memory, "memory.events", "oom_kill ")
		     : get(b->memory, "memory.oom_control", "oom_kill ");
	r->refused = get(b->pids, "pids.events", "max ");
	peak = get(b->memory, b->version == 2 ? "memory.peak"
					      : "memory.max_usage_in_bytes",
		   "");
	r->peak_kb = peak < 0 ? -1 : peak / 1024;
}

/* A cgroup is busy for a moment after its last process has ended. */
static void remove_dir(const char *dir)
{
	int tries;

	for (tries = 0; *dir && tries < 3000 && rmdir(dir) != 0 &&
			errno == EBUSY; tries++)
		usleep(1000);
}

void box_remove(const struct box *b)
{
	remove_dir(b->memory);
	if (strcmp(b->pids, b->memory) != 0)
		remove_dir(b->pids);
}
