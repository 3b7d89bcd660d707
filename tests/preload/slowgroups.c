/* SPDX-License-Identifier: MIT */
/* A getgrouplist that stands still until the program lets it go on. */
#include <grp.h>
#include <unistd.h>

extern int slowgroups_asked __attribute__((weak));
extern int slowgroups_answer __attribute__((weak));

int getgrouplist(const char *user, gid_t group, gid_t *groups, int *n)
{
	char c;

	(void)user;
	if (write(slowgroups_asked, "x", 1) != 1 ||
	    read(slowgroups_answer, &c, 1) != 1 || *n < 2)
		return -1;
	groups[0] = group;
	groups[1] = 42;
	*n = 2;
	return 2;
}
