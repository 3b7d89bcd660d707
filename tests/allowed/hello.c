/* SPDX-License-Identifier: MIT */
/* What a program is at the least; linked statically. */
#include <unistd.h>

int main(void)
{
	return write(STDOUT_FILENO, "# hello\n", 8) != 8;
}
