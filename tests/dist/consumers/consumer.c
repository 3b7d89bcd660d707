/* SPDX-License-Identifier: MIT */
/* Execs what it is told: by clonexec, or, with one more argument, by libc. */
#include <clonexec.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *args[] = { argv[1], 0 };
	char *envp[] = { 0 };

	if (argc > 2)
		execve(argv[1], args, envp);
	else
		cx_execve(argv[1], args, envp);
	return 1;
}
