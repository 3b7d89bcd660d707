/* SPDX-License-Identifier: MIT */
/* What a program loads, and what execs then. */
#include <errno.h>
#include <unistd.h>

int plugin_exec(char **argv)
{
	return execv(argv[0], argv);
}

int plugin_errno(char **argv)
{
	return execv(argv[0], argv) < 0 ? errno : 0;
}
