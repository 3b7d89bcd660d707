/* SPDX-License-Identifier: MIT */
#include "watcher.h"

#include "installed.h"

int watcher_find(struct located *b)
{
	if (locate_is_built())
		return locate_find_built("../watch/" INSTALLED_WATCHER, b);
	return locate_find(
		CLI_LIBEXECDIR_FROM_BIN "/clonexec/" INSTALLED_WATCHER, b);
}
