// SPDX-License-Identifier: GPL-2.0
/*
 * Exits with 0 if it has the user that its own file grants, else with 1.
 * With an argument: with 0 if it is the only thread of its process, else 1.
 */
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct stat st;

	if (argc > 1) {
		if (stat("/proc/self/task", &st))
			return 42;
		return st.st_nlink != 3;
	}
	if (stat("/proc/self/exe", &st) || !(st.st_mode & S_ISUID))
		return 42;
	return geteuid() != st.st_uid;
}
