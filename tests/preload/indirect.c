/* SPDX-License-Identifier: MIT */
/* See indirect-lib.c.  Twice, for the shim looks once where it goes to. */
#include <stdio.h>

int call_clone(int n);
int call_answer(void);

int main(void)
{
	int first = call_clone(4);

	printf("%d %d %d\n", first, call_clone(5), call_answer());
	return 0;
}
