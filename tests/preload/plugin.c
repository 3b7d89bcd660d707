/* SPDX-License-Identifier: MIT */
/* What a program loads, and what execs then. */
#include <unistd.h>

int plugin_exec(char **argv)
{
	return execv(argv[0], argv);
}
