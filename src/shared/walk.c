/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { MAX_LINKS = 40 }; /* the kernel's own limit */

struct walk {
	int fd; /* where we are */
	struct stat st;
	char at[PATH_MAX];
	char rest[PATH_MAX]; /* what is still to be looked up */
	int links;
	walk_ask *ask;
	void *arg;
};

static int enter(struct walk *w, int fd)
{
	int error = fstat(fd, &w->st) ? -errno : 0;

	if (w->fd >= 0)
		close(w->fd);
	w->fd = fd;
	return error;
}

static int ask(const struct walk *w, const struct stat *dir,
	       const struct stat *entry)
{
	const struct walk_step step = { w->at, dir, entry };

	return w->ask(&step, w->arg);
}

static int enter_root(struct walk *w)
{
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), error;

	if (fd < 0)
		return -errno;
	strcpy(w->at, "/");
	error = enter(w, fd);
	return error ? error : ask(w, NULL, &w->st);
}

static int begin(struct walk *w, const char *path)
{
	int fd;

	if (!*path)
		return -ENOENT;
	if (strlen(path) >= sizeof(w->rest))
		return -ENAMETOOLONG;
	strcpy(w->rest, path);
	if (*path == '/')
		return enter_root(w);
	fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	strcpy(w->at, ".");
	return enter(w, fd);
}

/* The first component of the rest, which loses it; 0 if there is none. */
static int take_name(struct walk *w, char name[NAME_MAX + 1])
{
	const char *from = w->rest + strspn(w->rest, "/");
	size_t length = strcspn(from, "/");

	if (length > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, from, length);
	name[length] = '\0';
	memmove(w->rest, from + length, strlen(from + length) + 1);
	return length > 0;
}

static int add_name(struct walk *w, const char *name)
{
	size_t used = strlen(w->at);
	const char *slash = w->at[used - 1] == '/' ? "" : "/";
	int n = snprintf(w->at + used, sizeof(w->at) - used, "%s%s", slash,
			 name);

	return n < (int)(sizeof(w->at) - used) ? 0 : -ENAMETOOLONG;
}

static void cut_name(struct walk *w)
{
	char *slash = strrchr(w->at, '/');

	if (slash)
		slash[slash == w->at] = '\0';
}

/* Above the working directory the text has names only for the way up. */
static int name_parent(struct walk *w)
{
	const char *slash = strrchr(w->at, '/');

	if (w->at[0] != '/' && (!slash || !strcmp(slash, "/..")))
		return add_name(w, "..");
	cut_name(w);
	return 0;
}

/* Those of /proc/PID/fd lead to open files, whatever their text says. */
static int is_magic(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == PROC_SUPER_MAGIC;
}

/* The text of a link takes its place in front of the rest. */
static int put_link(struct walk *w, int link)
{
	char text[PATH_MAX];
	size_t rest = strlen(w->rest);
	ssize_t n = readlinkat(link, "", text, sizeof(text));

	if (n <= 0)
		return n ? -errno : -ENOENT;
	if ((size_t)n + rest >= sizeof(w->rest))
		return -ENAMETOOLONG;
	memmove(w->rest + n, w->rest, rest + 1);
	memcpy(w->rest, text, (size_t)n);
	cut_name(w);
	return text[0] == '/' ? enter_root(w) : 0;
}

/* Closes link. */
static int follow(struct walk *w, int link, const char *name)
{
	int error, fd;

	if (++w->links > MAX_LINKS) {
		error = -ELOOP;
	} else if (is_magic(link)) {
		fd = openat(w->fd, name, O_PATH | O_CLOEXEC);
		error = fd < 0 ? -errno : enter(w, fd);
	} else {
		error = put_link(w, link);
	}
	close(link);
	return error;
}

static int go_up(struct walk *w)
{
	int fd = openat(w->fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC), error;

	if (fd < 0)
		return -errno;
	error = enter(w, fd);
	return error ? error : name_parent(w);
}

static int go_into(struct walk *w, const char *name)
{
	struct stat st;
	int fd = openat(w->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC), error;

	if (fd < 0)
		return -errno;
	error = fstat(fd, &st) ? -errno : add_name(w, name);
	if (!error)
		error = ask(w, &w->st, &st);
	if (error) {
		close(fd);
		return error;
	}
	return S_ISLNK(st.st_mode) ? follow(w, fd, name) : enter(w, fd);
}

static int go_on(struct walk *w)
{
	char name[NAME_MAX + 1];
	int more;

	while ((more = take_name(w, name)) > 0) {
		int error = 0;

		if (!strcmp(name, ".."))
			error = go_up(w);
		else if (strcmp(name, "."))
			error = go_into(w, name);
		if (error)
			return error;
		if (w->rest[0] && !S_ISDIR(w->st.st_mode))
			return -ENOTDIR;
	}
	return more;
}

int walk_open(const char *path, walk_ask *ask_caller, void *arg)
{
	struct walk w = { .fd = -1, .ask = ask_caller, .arg = arg };
	struct statfs ignored;
	int error;

	/* Only a lookup that goes on, not one by O_PATH, has an automounter
	   mount what is on the way. */
	(void)statfs(path, &ignored);
	error = begin(&w, path);
	if (!error)
		error = go_on(&w);
	if (!error)
		return w.fd;
	if (w.fd >= 0)
		close(w.fd);
	return error;
}

int walk_is_root(uid_t uid)
{
	struct stat top;

	return uid == 0 || (!stat("/", &top) && uid == top.st_uid);
}
