/* SPDX-License-Identifier: MIT */
/* Set-user-ID: says whose effective ID it got. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	printf("%d\n", (int)geteuid());
	return 0;
}
