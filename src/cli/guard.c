/* SPDX-License-Identifier: MIT */
#include "commands.h"
#include "installed.h"
#include "separate.h"

static int find(struct located *b)
{
	if (locate_is_built())
		return locate_find_built("../guard/" INSTALLED_GUARD, b);
	return locate_find(CLI_LIBEXECDIR_FROM_BIN "/clonexec/" INSTALLED_GUARD,
			   b);
}

int cmd_guard(int argc, char **argv)
{
	struct located found = { .why = "" };
	int error = find(&found);

	return separate_run("guard", error, &found, argv);
}
