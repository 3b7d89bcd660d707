/* SPDX-License-Identifier: MIT */
/* The walk over PATH: the candidates, in order, as libc makes them. */
#include "search.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "tap.h"

static void expect(const char *path, const char *file, const char *const *want)
{
	char buf[PATH_MAX + NAME_MAX + 2];
	struct cx_search s;
	int room = cx_search_start(&s, file, path);

	check(room > 0 && room <= (int)sizeof buf, "room for %s: %d", path,
	      room);
	for (; *want; want++) {
		check(cx_search_next(&s, buf), "no %s in %s", *want, path);
		check(strcmp(buf, *want) == 0, "%s, not %s", buf, *want);
		check(strlen(buf) < (size_t)room, "%s is too long", buf);
	}
	check(!cx_search_next(&s, buf), "one more: %s", buf);
}

static void elements(void)
{
	expect("/bin", "x", (const char *[]){ "/bin/x", NULL });
	expect("/a:/b/:c", "x",
	       (const char *[]){ "/a/x", "/b//x", "c/x", NULL });
}

/* An empty element is the working directory, wherever it stands. */
static void empty_elements(void)
{
	expect("", "x", (const char *[]){ "x", NULL });
	expect(":/b", "x", (const char *[]){ "x", "/b/x", NULL });
	expect("/a::/b:", "x",
	       (const char *[]){ "/a/x", "x", "/b/x", "x", NULL });
}

static void long_ones(void)
{
	static char path[2 * PATH_MAX], name[NAME_MAX + 2];
	struct cx_search s;

	memset(path, 'p', PATH_MAX);
	strcpy(path + PATH_MAX, ":/b");
	expect(path, "x", (const char *[]){ "/b/x", NULL });
	memset(name, 'n', NAME_MAX + 1);
	check(cx_search_start(&s, name, "/b") == -ENAMETOOLONG, "long name");
	name[NAME_MAX] = '\0';
	check(cx_search_start(&s, name, "/b") > 0, "the longest name");
	check(cx_search_start(&s, "", "/b") == -ENOENT, "empty name");
}

static void errors(void)
{
	static const int both[] = { EACCES, ENOENT, ENOTDIR };
	static const int glibc[] = { ESTALE, ENODEV, ETIMEDOUT };
	static const int none[] = { ELOOP, E2BIG, ENOEXEC, ENOMEM, EIO };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		check(cx_search_goes_on(&cx_search_glibc, -both[i]) &&
			      cx_search_goes_on(&cx_search_musl, -both[i]),
		      "stops at %s", strerror(both[i]));
		check(cx_search_goes_on(&cx_search_glibc, -glibc[i]) &&
			      !cx_search_goes_on(&cx_search_musl, -glibc[i]),
		      "%s: glibc goes on, musl stops", strerror(glibc[i]));
	}
	for (i = 0; i < 5; i++)
		check(!cx_search_goes_on(&cx_search_glibc, -none[i]) &&
			      !cx_search_goes_on(&cx_search_musl, -none[i]),
		      "goes on after %s", strerror(none[i]));
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "each element gives a candidate", elements, 0 },
		{ "an empty element is the working directory",
		  empty_elements, 0 },
		{ "long names and elements", long_ones, 0 },
		{ "which errors end a search, by libc", errors, 0 },
	};

	return tap_main(cases);
}
