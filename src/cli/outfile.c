/* SPDX-License-Identifier: MIT */
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beside.h"

enum { SUFFIX = 8 };

/* What is there and is no regular file cannot be replaced by one. */
static int open_in_place(struct outfile *f)
{
	f->place[0] = '\0';
	f->out = fopen(f->path, "we");
	return f->out ? 0 : -errno;
}

/* A file that is there keeps its mode, and a link to it stays one. */
static int find_place(struct outfile *f, const struct stat *there)
{
	mode_t mask;

	if (there) {
		f->mode = there->st_mode & 0777;
		return beside_resolve(f->path, f->place) ? -ENAMETOOLONG : 0;
	}
	mask = umask(0);
	umask(mask);
	f->mode = 0666 & ~mask;
	if (strlen(f->path) >= sizeof(f->place))
		return -ENAMETOOLONG;
	strcpy(f->place, f->path);
	return 0;
}

static int make_temporary(const struct outfile *f,
			  char name[PATH_MAX + SUFFIX])
{
	int fd;

	snprintf(name, PATH_MAX + SUFFIX, "%s.XXXXXX", f->place);
	fd = mkostemp(name, O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int outfile_open(struct outfile *f, const char *path)
{
	char name[PATH_MAX + SUFFIX];
	struct stat st;
	int there, fd, error;

	if (!*path)
		return -ENOENT;
	f->path = path;
	f->text = NULL;
	there = !stat(path, &st);
	if (there && !S_ISREG(st.st_mode))
		return open_in_place(f);
	error = find_place(f, there ? &st : NULL);
	if (error)
		return error;
	fd = make_temporary(f, name);
	if (fd < 0)
		return fd;
	close(fd);
	unlink(name);
	f->out = open_memstream(&f->text, &f->size);
	return f->out ? 0 : -errno;
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

static int put_in_place(const struct outfile *f)
{
	char name[PATH_MAX + SUFFIX];
	int fd = make_temporary(f, name), error;

	if (fd < 0)
		return fd;
	error = write_text(f, fd);
	if (!error && rename(name, f->place))
		error = -errno;
	if (error)
		unlink(name);
	return error;
}

int outfile_commit(struct outfile *f)
{
	int error = 0;

	if (fflush(f->out) || ferror(f->out))
		error = errno ? -errno : -EIO;
	if (fclose(f->out) && !error)
		error = -errno;
	if (!error && f->place[0])
		error = put_in_place(f);
	free(f->text);
	return error;
}

void outfile_discard(struct outfile *f)
{
	fclose(f->out);
	free(f->text);
}
