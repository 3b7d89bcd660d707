/* SPDX-License-Identifier: MIT */
#include "watcher.h"

int watcher_find(struct beside *b)
{
	if (locate_is_built())
		return locate_find_built("../watch/clonexec-watch", b);
	return locate_find(CLI_LIBEXECDIR_FROM_BIN "/clonexec/clonexec-watch",
			   b);
}
