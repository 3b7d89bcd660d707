/* SPDX-License-Identifier: MIT */
/* A 32-bit program with a thread creation that is frozen, and its exec:
   frozen-32 PROGRAM */
#include "freezer.c"

int main(int argc, char **argv)
{
	if (argc > 1)
		execv(argv[1], argv + 1);
	perror("exec");
	return 1;
}
