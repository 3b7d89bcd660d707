/* SPDX-License-Identifier: MIT */
#include "locate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "walk.h"

int locate_resolve(const char *candidate, char path[PATH_MAX])
{
	char *real = realpath(candidate, NULL);
	int fits = real && strlen(real) < PATH_MAX;

	if (fits)
		strcpy(path, real);
	free(real);
	return fits ? 0 : -1;
}

/* The directory of this command, without links. */
static int own_directory(char self[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", self, PATH_MAX - 1);
	char *slash;

	if (n <= 0)
		return -1;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return -1;
	*slash = '\0';
	return 0;
}

/* ---- Who may write ---------------------------------------------------- */

struct trust {
	uid_t owner; /* of the command */
	/*
	 * A group that can write to the command's own directory can exchange
	 * the command as well.  (Debian up to 11 lets group staff write to
	 * /usr/local, and a user's own group can often write to what is his.)
	 */
	int has_group;
	gid_t group;
	char *why;
	size_t size;
};

static int refuse(const struct trust *t, const char *path, const char *what,
		  unsigned int id)
{
	snprintf(t->why, t->size, what, path, id);
	return -EPERM;
}

/* A link has no mode; who may exchange it is told by its directory. */
static int ask(const struct walk_step *step, void *arg)
{
	const struct stat *st = step->entry;
	struct trust *t = arg;

	if (st->st_uid != t->owner && !walk_is_root(st->st_uid))
		return refuse(t, step->path, "%s belongs to user %u",
			      st->st_uid);
	if (S_ISLNK(st->st_mode))
		return 0;
	if (st->st_mode & S_IWOTH)
		return refuse(t, step->path, "everybody can write to %s", 0);
	if (st->st_mode & S_IWGRP && !(t->has_group && st->st_gid == t->group))
		return refuse(t, step->path, "%s is writable by group %u",
			      st->st_gid);
	return 0;
}

static int know_command(struct trust *t, const char *dir)
{
	struct stat command, st;

	if (stat("/proc/self/exe", &command) || stat(dir, &st))
		return -errno;
	t->owner = command.st_uid;
	t->has_group = !!(st.st_mode & S_IWGRP);
	t->group = st.st_gid;
	return 0;
}

/* After the walk realpath() is safe: nobody else can change what it sees. */
static int check(const char *path, const char *dir, struct located *b)
{
	struct trust t = { .why = b->why, .size = sizeof(b->why) };
	int error = know_command(&t, dir), fd;

	if (error)
		return error;
	snprintf(b->why, sizeof(b->why), "%s", strerror(EPERM));
	fd = walk_open(path, ask, &t);
	/* Nothing was refused if nothing is there. */
	if (fd == -EPERM && access(path, F_OK))
		return -ENOENT;
	if (fd < 0)
		return fd;
	close(fd);
	return locate_resolve(path, b->path) ? -ENOENT : 0;
}

/* ---- Where ------------------------------------------------------------ */

static int join(const char *dir, const char *rel, char path[PATH_MAX])
{
	int n = rel[0] == '/' ? snprintf(path, PATH_MAX, "%s", rel) :
				snprintf(path, PATH_MAX, "%s/%s", dir, rel);

	return n >= 0 && n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int locate_find(const char *rel, struct located *b)
{
	char self[PATH_MAX], path[PATH_MAX];
	int error;

	if (own_directory(self))
		return -ENOENT;
	error = join(self, rel, path);
	return error ? error : check(path, self, b);
}

/* Packages are built without the tests, and know of no build tree. */
int locate_is_built(void)
{
	char self[PATH_MAX];

	return CLI_BUILD_DIR[0] && !own_directory(self) &&
	       !strcmp(self, CLI_BUILD_DIR);
}

int locate_find_built(const char *rel, struct located *b)
{
	char path[PATH_MAX];
	int error = join(CLI_BUILD_DIR, rel, path);

	if (!error && locate_resolve(path, b->path))
		error = -ENOENT;
	return error;
}
