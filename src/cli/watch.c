/* SPDX-License-Identifier: MIT */
/*
 * clonexec watch: a program of its own does it (src/watch), so that this one
 * needs no library and is there where that one cannot be built.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "exitstatus.h"
#include "text.h"
#include "watcher.h"

int cmd_watch(int argc, char **argv)
{
	struct located found = { .why = "" };
	int error = watcher_find(&found);

	if (error == -EPERM) {
		text_error("watch: the clonexec-watch beside this command is "
			   "not trusted: %s",
			   found.why);
		return EXIT_OWN_FAILURE;
	}
	if (error) {
		text_error("watch: there is no clonexec-watch beside this "
			   "command: it was built without libbpf, clang or "
			   "bpftool");
		return EXIT_OWN_FAILURE;
	}
	execv(found.path, argv);
	text_error("watch: %s: %s", found.path, strerror(errno));
	return EXIT_OWN_FAILURE;
}
