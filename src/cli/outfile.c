/* SPDX-License-Identifier: MIT */
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is there and is no regular file cannot be replaced by one. */
static int open_in_place(struct outfile *f)
{
	f->temporary[0] = '\0';
	f->out = fopen(f->path, "we");
	return f->out ? 0 : -errno;
}

int outfile_open(struct outfile *f, const char *path)
{
	struct stat st;
	mode_t mask;
	int fd, error;

	f->path = path;
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return open_in_place(f);
	if (snprintf(f->temporary, sizeof(f->temporary), "%s.XXXXXX", path) >=
	    (int)sizeof(f->temporary))
		return -ENAMETOOLONG;
	fd = mkostemp(f->temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	mask = umask(0);
	umask(mask);
	f->out = fchmod(fd, 0666 & ~mask) ? NULL : fdopen(fd, "w");
	if (f->out)
		return 0;
	error = -errno;
	close(fd);
	unlink(f->temporary);
	return error;
}

int outfile_commit(struct outfile *f)
{
	int error = 0;

	if (fflush(f->out) || ferror(f->out))
		error = errno ? -errno : -EIO;
	if (fclose(f->out) && !error)
		error = -errno;
	if (!f->temporary[0])
		return error;
	if (!error && rename(f->temporary, f->path))
		error = -errno;
	if (error)
		unlink(f->temporary);
	return error;
}

void outfile_discard(struct outfile *f)
{
	fclose(f->out);
	if (f->temporary[0])
		unlink(f->temporary);
}
