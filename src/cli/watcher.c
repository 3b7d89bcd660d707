/* SPDX-License-Identifier: MIT */
#include "watcher.h"

#include "installed.h"
#include "separate.h"

int watcher_find(struct located *b)
{
	return separate_find("../watch/" INSTALLED_WATCHER,
			     CLI_LIBEXECDIR_FROM_BIN
			     "/clonexec/" INSTALLED_WATCHER,
			     b);
}
