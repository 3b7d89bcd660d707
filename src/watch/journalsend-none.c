/* SPDX-License-Identifier: MIT */
#include "journalsend.h"

int journalsend(const char *const *field, int fields)
{
	return 0;
}
