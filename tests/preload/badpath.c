/* SPDX-License-Identifier: MIT */
/* An exec whose path is no string. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char *args[] = { (char *)"x", NULL };
	char *volatile path = (char *)1;

	execve(path, args, args + 1);
	perror("execve");
	return 0;
}
