// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Copyright (c) 2026 the clonexec authors
 *
 * Exits with 0 if its effective user is the owner of its file, otherwise with
 * 1. LTP's library is left out: it is set-user-ID.
 */

#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	struct stat st;

	if (stat("/proc/self/exe", &st) || !(st.st_mode & S_ISUID))
		return 2;

	return geteuid() != st.st_uid;
}
