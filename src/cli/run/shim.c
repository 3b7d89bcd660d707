/* SPDX-License-Identifier: MIT */
#include "shim.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "installed.h"
#include "locate.h"
#include "elfmap.h"
#include "libtoken.h"

/* The two loaders take blanks and colons alike, and neither can quote. */
static const char separators[] = " \t\n\v\f\r:";

/* Absolute, because children change their directory. */
static int make_absolute(const char *given, char path[PATH_MAX])
{
	char *here = given[0] == '/' ? strdup("") : getcwd(NULL, 0);
	int n = -1;

	if (here)
		n = snprintf(path, PATH_MAX, "%s%s%s", here, *here ? "/" : "",
			     given);
	free(here);
	return n >= 0 && n < PATH_MAX ? 0 : -1;
}

static int missing(const char *path, char *why, size_t size)
{
	snprintf(why, size, "the shim was not found: %s", path);
	return -1;
}

/* A value with $LIB goes to the loaders as it is. */
static int find_given(struct shim *s, const char *given, char *why, size_t size)
{
	s->expands = libtoken_is_in(given);
	if (s->expands ? make_absolute(given, s->path) :
			 locate_resolve(given, s->path))
		return missing(given, why, size);
	return 0;
}

/* In an installed tree, which may have moved; then where it was installed. */
static int find_installed(struct shim *s, char *why, size_t size)
{
	static const char *const places[] = {
		CLI_LIBDIR_FROM_BIN "/" INSTALLED_SHIM,
		"../lib/" INSTALLED_SHIM,
		CLI_LIBDIR "/" INSTALLED_SHIM,
	};
	int refused = 0, error;
	struct located b = { .why = "" };
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		error = locate_find(places[i], &b);
		if (!error) {
			strcpy(s->path, b.path);
			return 0;
		}
		if (error == -EPERM && !refused)
			snprintf(why, size,
				 "the shim beside this command is "
				 "not trusted: %s",
				 b.why);
		refused |= error == -EPERM;
	}
	return refused ? -1 : missing(CLI_LIBDIR "/" INSTALLED_SHIM, why, size);
}

static int find_built(struct shim *s, char *why, size_t size)
{
	struct located b = { .why = "" };

	if (locate_find_built("../preload/" INSTALLED_SHIM, &b))
		return missing("../preload/" INSTALLED_SHIM, why, size);
	strcpy(s->path, b.path);
	return 0;
}

/* What a program with this loader finds under the value. */
static int file_for(const struct shim *s, const char *loader,
		    char path[PATH_MAX])
{
	if (elffile_loader_libc(loader) == ELFFILE_GLIBC)
		return libtoken_expand(s->path, loader, path);
	strcpy(path, s->path);
	return 0;
}

int shim_for(const struct shim *s, const char *loader, struct elffile *out)
{
	char path[PATH_MAX];

	if (!s->expands || !loader) {
		*out = s->header;
		return 0;
	}
	return file_for(s, loader, path) ? -1 : elfmap_header(path, out);
}

/* Our own may be linked statically, or with another libc than the rest. */
static int usual_file(const struct shim *s, char path[PATH_MAX])
{
	static const char *const programs[] = { "/proc/self/exe", "/bin/sh" };
	char loader[PATH_MAX];
	size_t i;

	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (!elfmap_loader(programs[i], loader) &&
		    !file_for(s, loader, path) && !access(path, F_OK))
			return 0;
	return -1;
}

static int read_header(struct shim *s, char *why, size_t size)
{
	char path[PATH_MAX];

	strcpy(path, s->path);
	if (s->expands && usual_file(s, path))
		return missing(s->path, why, size);
	if (!elfmap_header(path, &s->header))
		return 0;
	snprintf(why, size, "this is no library: %s", path);
	return -1;
}

int shim_find(struct shim *s, char *why, size_t size)
{
	const char *given = getenv("CLONEXEC_PRELOAD");
	int error;

	s->expands = 0;
	if (given && *given)
		error = find_given(s, given, why, size);
	else if (locate_is_built())
		error = find_built(s, why, size);
	else
		error = find_installed(s, why, size);
	return error ? error : read_header(s, why, size);
}

/* Whether the list begins with the path: further on it is loaded only once. */
static int is_first(const char *list, const char *path)
{
	size_t len = strlen(path);

	list += strspn(list, separators);
	return strcspn(list, separators) == len && !memcmp(list, path, len);
}

int shim_prepend(const char *path)
{
	const char *old = getenv("LD_PRELOAD");
	char *value;
	int ret;

	if (strpbrk(path, separators)) {
		errno = EINVAL;
		return -1;
	}
	if (!old || !*old)
		return setenv("LD_PRELOAD", path, 1);
	if (is_first(old, path))
		return 0;
	if (asprintf(&value, "%s:%s", path, old) < 0)
		return -1;
	ret = setenv("LD_PRELOAD", value, 1);
	free(value);
	return ret;
}
