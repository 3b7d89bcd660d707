/* SPDX-License-Identifier: MIT */
/* Only starts: see bench/startup.c. */
int main(void)
{
	return 0;
}
