/* SPDX-License-Identifier: MIT */
#include "preloads.h"

#include "elffile.h"
#include "elfmap.h"
#include "installed.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char separators[] = " \t\n:";

/* 1, 0, or -1: it can't be told. */
static int wraps_exec(const char *name)
{
	const char *base = strrchr(name, '/');
	struct elfmap map;
	int r;

	if (!strcmp(base ? base + 1 : name, INSTALLED_SHIM))
		return 0;
	/* Without a slash the loader looks for it in many places. */
	if (!base || elfmap_open(name, &map) != 0)
		return -1;
	r = elffile_defines_exec(map.buf, map.len);
	elfmap_close(&map);
	return r;
}

static void print_limits(char *list)
{
	char *rest = NULL, *name = strtok_r(list, separators, &rest);
	int wraps;

	for (; name; name = strtok_r(NULL, separators, &rest)) {
		wraps = wraps_exec(name);
		if (wraps)
			text_line("limit: %s, preloaded too, %s: it gets the "
				  "call, and then strategy helper is only lock",
				  name,
				  wraps > 0 ? "wraps exec" : "may wrap exec");
	}
}

void preloads_print_limits(void)
{
	const char *value = getenv("LD_PRELOAD");
	char *list = strdup(value ? value : "");
	char line[4096];
	FILE *file = fopen("/etc/ld.so.preload", "re");

	if (list)
		print_limits(list);
	free(list);
	if (!file)
		return;
	while (fgets(line, sizeof line, file)) {
		line[strcspn(line, "#")] = '\0';
		print_limits(line);
	}
	fclose(file);
}
