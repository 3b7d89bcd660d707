/* SPDX-License-Identifier: MIT */
#include "commands.h"
#include "separate.h"
#include "watcher.h"

int cmd_watch(int argc, char **argv)
{
	struct located found = { .why = "" };
	int error = watcher_find(&found);

	return separate_run("watch", error, &found, argv);
}
