/* SPDX-License-Identifier: MIT */
#include "watcher.h"

#include "beside.h"

int watcher_find(char path[PATH_MAX])
{
	/* Installed; then the build tree. */
	if (beside_command(CLI_LIBEXECDIR_FROM_BIN "/clonexec/clonexec-watch",
			   path) == 0)
		return 0;
	return beside_command("../watch/clonexec-watch", path);
}
