/* SPDX-License-Identifier: MIT */
#include "runenv.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auditor.h"
#include "shim.h"
#include "text.h"

static int set_absolute(const char *name, const char *file)
{
	char path[PATH_MAX];
	int n;

	if (file[0] == '/')
		return setenv(name, file, 1);
	if (!getcwd(path, sizeof path))
		return -1;
	n = (int)strlen(path);
	if (snprintf(path + n, sizeof path - (size_t)n, "/%s", file) >=
	    (int)(sizeof path - (size_t)n)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return setenv(name, path, 1);
}

/*
 * The shim writes only to what it is told (src/preload/debugfile.h): a file by
 * its whole path, or our standard error by what it is, since a program may
 * close that and use its number for something else.
 */
static int set_debug(const char *file)
{
	char value[64];
	struct stat st;
	int fd;

	if (!file) {
		if (fstat(STDERR_FILENO, &st) != 0)
			return -1;
		snprintf(value, sizeof value, "%ju:%ju", (uintmax_t)st.st_dev,
			 (uintmax_t)st.st_ino);
		return setenv("CLONEXEC_DEBUG", value, 1);
	}
	/* Better here one message than none from every program. */
	fd = open(file,
		  O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY |
			  O_NONBLOCK,
		  0600);
	if (fd < 0)
		return -1;
	close(fd);
	return set_absolute("CLONEXEC_DEBUG", file);
}

static int fail(const char *what)
{
	text_error("%s: %s", what, strerror(errno));
	return -1;
}

int runenv_set(const struct runenv *c)
{
	/* Protection that is asked for is given, whatever was switched off. */
	if (unsetenv("CLONEXEC_DISABLE") != 0 ||
	    (c->strategy && setenv("CLONEXEC_STRATEGY", c->strategy, 1) != 0) ||
	    (c->no_inherit && setenv("CLONEXEC_NO_INHERIT", "1", 1) != 0))
		return fail("environment");
	if (c->debug && set_debug(c->debug_file) != 0)
		return fail(c->debug_file ? c->debug_file : "standard error");
	if (c->auditor && auditor_prepend(c->auditor) != 0)
		return fail("environment");
	if (!c->shim || shim_prepend(c->shim) == 0)
		return 0;
	if (errno != EINVAL)
		return fail("environment");
	text_error("LD_PRELOAD cannot hold a path with a blank or a colon: %s",
		   c->shim);
	return -1;
}
