/* SPDX-License-Identifier: MIT */
#include "watcher.h"

int watcher_find(struct beside *b)
{
	if (beside_is_built())
		return beside_find_built("../watch/clonexec-watch", b);
	return beside_find(CLI_LIBEXECDIR_FROM_BIN "/clonexec/clonexec-watch",
			   b);
}
