/* SPDX-License-Identifier: MIT */
/* What the set-id bits of a file's mode mean for an exec (bprm_fill_uid() in
   fs/exec.c). */
#ifndef SETID_H
#define SETID_H

#include <sys/stat.h>

static inline int setid_gives_user(mode_t mode)
{
	return (mode & S_ISUID) != 0;
}

/* Without the group's x the bit is a mark for mandatory locks. */
static inline int setid_gives_group(mode_t mode)
{
	return (mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP);
}

#endif
