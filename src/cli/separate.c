/* SPDX-License-Identifier: MIT */
#include "separate.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "exitstatus.h"
#include "text.h"

int separate_find(const char *built, const char *installed,
		  struct located *found)
{
	return locate_is_built() ? locate_find_built(built, found) :
				   locate_find(installed, found);
}

int separate_run(const char *command, int error, const struct located *found,
		 char **argv)
{
	if (error == -EPERM) {
		text_error("%s: the clonexec-%s beside this command is not "
			   "trusted: %s",
			   command, command, found->why);
		return EXIT_OWN_FAILURE;
	}
	if (error) {
		text_error("%s: there is no clonexec-%s beside this command: "
			   "it was built without libbpf, libcap, clang or "
			   "bpftool, or for another CPU than x86-64 and "
			   "AArch64",
			   command, command);
		return EXIT_OWN_FAILURE;
	}
	execv(found->path, argv);
	text_error("%s: %s: %s", command, found->path, strerror(errno));
	return EXIT_OWN_FAILURE;
}
