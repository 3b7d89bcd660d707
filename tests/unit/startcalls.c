/* SPDX-License-Identifier: MIT */
/* Which system call each libc looks at files by when it starts a program. */
#include "startcalls.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tap.h"

static void versions(void)
{
	static const struct {
		const char *version;
		int by_newfstatat;
	} rows[] = {
		{ NULL, 0 },	 { "", 0 },	  { "2.3", 0 },	 { "2.31", 0 },
		{ "2.32", 0 },	 { "2.33", 1 },	  { "2.36", 1 }, { "2.38", 1 },
		{ "2.38.9", 1 }, { "2.39", 0 },	  { "2.4", 0 },	 { "2.41", 0 },
		{ "2.330", 0 },	 { "3.33", 0 },
	};
	unsigned int i;

	if (sizeof(long) == 4)
		tap_absent("one call for both on 32 bits");
	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		check(cx_startcalls_has_newfstatat(rows[i].version) ==
			      rows[i].by_newfstatat,
		      "glibc %s", rows[i].version ? rows[i].version : "none");
}

static void same(void)
{
	struct sys_file file = { 0 };
	struct stat st;

	check(stat("/proc/self/task", &st) == 0, "no /proc");
	check(cx_startcalls_stat("/proc/self/task", &file) == 0 &&
		      file.links == st.st_nlink && file.mode == st.st_mode,
	      "%u links, not %u", file.links, (unsigned int)st.st_nlink);
	check(cx_startcalls_stat("/nowhere", &file) == -ENOENT, "/nowhere");
}

static void no_descriptor(void)
{
	static const struct rlimit none = { 0, 0 };
	struct sys_file file = { 0 };

	setrlimit(RLIMIT_NOFILE, &none);
	check(cx_startcalls_stat("/proc/self/task", &file) == 0 &&
		      file.links >= 3,
	      "%u links", file.links);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "newfstatat in glibc 2.33 to 2.38 only", versions, 10 },
		{ "the same as stat says", same, 10 },
		{ "also with no descriptor free", no_descriptor, 10 },
	};

	return tap_main(cases);
}
