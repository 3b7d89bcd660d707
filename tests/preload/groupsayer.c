/* SPDX-License-Identifier: MIT */
/* Preloads that say yes for those who may not: WHOLE wraps initgroups, else
   setgroups, which libc's own initgroups does not call by name. */
#include <sys/types.h>

#ifdef WHOLE
int initgroups(const char *user, gid_t group)
{
	return 0;
}
#else
int setgroups(size_t n, const gid_t *list)
{
	return 0;
}
#endif
