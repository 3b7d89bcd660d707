/* SPDX-License-Identifier: MIT */
#include "commands.h"
#include "installed.h"
#include "separate.h"

int cmd_guard(int argc, char **argv)
{
	struct located found = { .why = "" };
	int error = separate_find("../guard/" INSTALLED_GUARD,
				  CLI_LIBEXECDIR_FROM_BIN
				  "/clonexec/" INSTALLED_GUARD,
				  &found);

	return separate_run("guard", error, &found, argv);
}
