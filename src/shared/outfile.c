/* SPDX-License-Identifier: MIT */
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "walk.h"

enum {
	SUFFIX = 7, /* a point and six letters */
	TRIES = 100,
};

const char *outfile_why(int error)
{
	switch (error) {
	case -ELOOP:
		return "it is a symbolic link; give the name of the file "
		       "itself";
	case -EXDEV:
		return "a symbolic link or device of somebody else's, or "
		       "where others can write";
	default:
		return strerror(-error);
	}
}

/* ---- Links on the way ------------------------------------------------- */

static int is_ours(const struct stat *st)
{
	return st->st_uid == geteuid() || walk_is_root(st->st_uid);
}

/*
 * Whether strangers can exchange what is in there.  What is sticky keeps them
 * from what is not theirs.  (An ordinary user's group is often his own.)
 */
static int is_safe(const struct stat *dir)
{
	mode_t others = geteuid() ? S_IWOTH : S_IWOTH | S_IWGRP;

	return is_ours(dir) &&
	       (dir->st_mode & S_ISVTX || !(dir->st_mode & others));
}

/* Keeps what the last component lay in. */
static int ask(const struct walk_step *step, void *arg)
{
	struct stat *last = arg;

	if (!step->dir)
		return 0;
	*last = *step->dir;
	if (!S_ISLNK(step->entry->st_mode))
		return 0;
	return is_safe(step->dir) && is_ours(step->entry) ? 0 : -EXDEV;
}

/* ---- Written in place ------------------------------------------------- */

/*
 * A descriptor of ours for the same file, open for writing: so /dev/stdout is
 * standard output itself, whatever may be opened once more by its name.
 */
static int same_as_ours(const struct stat *st)
{
	struct stat own;
	int fd;

	for (fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (!fstat(fd, &own) && own.st_dev == st->st_dev &&
		    own.st_ino == st->st_ino &&
		    (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY)
			return fd;
	return -1;
}

static int open_again(int fd)
{
	char path[32];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	return again < 0 ? -errno : again;
}

/* fd leads there, dir is what it lay in. */
static int open_special(int fd, const struct stat *dir)
{
	struct stat st;
	int ours;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	ours = same_as_ours(&st);
	if (ours >= 0)
		return fcntl(ours, F_DUPFD_CLOEXEC, 0);
	/* Only behind a link; to replace it there would be to follow it. */
	if (S_ISREG(st.st_mode))
		return -ELOOP;
	if (st.st_uid != geteuid() && !is_safe(dir))
		return -EXDEV;
	return open_again(fd);
}

static int open_in_place(struct outfile *f)
{
	struct stat dir = { 0 };
	int fd = walk_open(f->path, ask, &dir), out;

	if (fd < 0)
		return fd;
	out = open_special(fd, &dir);
	close(fd);
	if (out < 0)
		return out;
	f->out = fdopen(out, "w");
	if (f->out)
		return 0;
	close(out);
	return -ENOMEM;
}

/* ---- Put in place ----------------------------------------------------- */

/* The directory of the path, held; and the name in it. */
static int open_directory(struct outfile *f)
{
	const char *slash = strrchr(f->path, '/');
	const char *name = slash ? slash + 1 : f->path;
	char dir[PATH_MAX] = ".";
	struct stat last;
	size_t length;

	if (!*f->path)
		return -ENOENT;
	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EISDIR;
	length = slash ? (size_t)(slash - f->path) : 0;
	if (strlen(name) > NAME_MAX || length >= sizeof(dir))
		return -ENAMETOOLONG;
	strcpy(f->name, name);
	if (slash)
		snprintf(dir, sizeof(dir), "%.*s", (int)(length ? length : 1),
			 f->path);
	f->dir = walk_open(dir, ask, &last);
	return f->dir < 0 ? f->dir : 0;
}

/* Never more than a new file would have; less, if one of ours had less. */
static mode_t choose_mode(const struct stat *old)
{
	mode_t mask = umask(0), mode;

	umask(mask);
	mode = 0666 & ~mask;
	if (old && old->st_uid == geteuid())
		mode &= old->st_mode;
	return mode;
}

static void make_name(const struct outfile *f, char name[NAME_MAX + 1])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char random[SUFFIX - 1] = { 0 };
	char suffix[SUFFIX + 1] = ".";
	int i;

	(void)!getrandom(random, sizeof(random), GRND_NONBLOCK);
	for (i = 0; i < SUFFIX - 1; i++)
		suffix[i + 1] = letters[random[i] % 32];
	suffix[SUFFIX] = '\0';
	snprintf(name, NAME_MAX + 1, "%.*s%s", NAME_MAX - SUFFIX, f->name,
		 suffix);
}

static int make_temporary(const struct outfile *f, char name[NAME_MAX + 1])
{
	int i, fd;

	for (i = 0; i < TRIES; i++) {
		make_name(f, name);
		fd = openat(f->dir, name,
			    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
				    O_CLOEXEC,
			    0600);
		if (fd >= 0)
			return fd;
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

/* Whether it will be possible when the time comes. */
static int try_directory(const struct outfile *f)
{
	char name[NAME_MAX + 1];
	int fd = make_temporary(f, name);

	if (fd < 0)
		return fd;
	close(fd);
	return unlinkat(f->dir, name, 0) ? -errno : 0;
}

/* What is no regular file is open after that; else the mode is known. */
static int look(struct outfile *f)
{
	struct stat st;
	int there;

	there = !fstatat(f->dir, f->name, &st, AT_SYMLINK_NOFOLLOW);
	if (!there && errno != ENOENT)
		return -errno;
	f->mode = choose_mode(there ? &st : NULL);
	if (!there || S_ISREG(st.st_mode))
		return 0;
	close(f->dir);
	f->dir = -1;
	return open_in_place(f);
}

static int begin(struct outfile *f)
{
	int error = look(f);

	if (error || f->out)
		return error;
	error = try_directory(f);
	if (error)
		return error;
	f->out = open_memstream(&f->text, &f->size);
	return f->out ? 0 : -errno;
}

int outfile_open(struct outfile *f, const char *path)
{
	int error;

	memset(f, 0, sizeof(*f));
	f->path = path;
	error = open_directory(f);
	if (error)
		return error;
	error = begin(f);
	if (error && f->dir >= 0)
		close(f->dir);
	return error;
}

/* Closes fd. */
static int write_text(const struct outfile *f, int fd)
{
	FILE *out = fchmod(fd, f->mode) ? NULL : fdopen(fd, "w");
	int error;

	if (!out) {
		error = -errno;
		close(fd);
		return error;
	}
	error = fwrite(f->text, 1, f->size, out) == f->size ? 0 : -errno;
	if (fclose(out) && !error)
		error = -errno;
	return error;
}

static int write_and_rename(struct outfile *f)
{
	char name[NAME_MAX + 1];
	int fd = make_temporary(f, name), error;

	if (fd < 0)
		return fd;
	error = write_text(f, fd);
	if (!error && renameat(f->dir, name, f->dir, f->name))
		error = -errno;
	if (error)
		unlinkat(f->dir, name, 0);
	return error;
}

/* ^C waits: it would leave the other name behind. */
static int undisturbed(int (*act)(struct outfile *), struct outfile *f)
{
	sigset_t all, old;
	int error;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	error = act(f);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return error;
}

int outfile_commit(struct outfile *f)
{
	int error = 0;

	if (fflush(f->out) || ferror(f->out))
		error = errno ? -errno : -EIO;
	if (fclose(f->out) && !error)
		error = -errno;
	if (!error && f->dir >= 0)
		error = undisturbed(write_and_rename, f);
	if (f->dir >= 0)
		close(f->dir);
	free(f->text);
	return error;
}

void outfile_discard(struct outfile *f)
{
	fclose(f->out);
	if (f->dir >= 0)
		close(f->dir);
	free(f->text);
}

/* ---- Written as it goes ----------------------------------------------- */

static int make_and_rename(struct outfile *f)
{
	char name[NAME_MAX + 1];
	int fd = make_temporary(f, name), error = 0;

	if (fd < 0)
		return fd;
	if (fchmod(fd, f->mode) || renameat(f->dir, name, f->dir, f->name))
		error = -errno;
	if (!error)
		f->out = fdopen(fd, "w");
	else
		unlinkat(f->dir, name, 0);
	if (f->out)
		return 0;
	close(fd);
	return error ? error : -ENOMEM;
}

int outfile_stream(const char *path, FILE **out)
{
	struct outfile f = { .path = path };
	int error = open_directory(&f);

	if (error)
		return error;
	error = look(&f);
	if (!error && !f.out)
		error = undisturbed(make_and_rename, &f);
	if (f.dir >= 0)
		close(f.dir);
	*out = f.out;
	return error;
}
