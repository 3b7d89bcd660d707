/* SPDX-License-Identifier: MIT */
/* The strategies as users write them.  An array of arrays: the shim has no
   pointers that would be relocated in every process. */
#ifndef STRATEGYNAMES_H
#define STRATEGYNAMES_H

#include "clonexec.h"

enum { STRATEGIES = 4 };

static inline const char *strategy_name(enum cx_strategy strategy)
{
	static const char names[STRATEGIES][8] = {
		[CX_AUTO] = "auto",
		[CX_UNSHARE] = "unshare",
		[CX_HELPER] = "helper",
		[CX_LOCK] = "lock",
	};

	return names[strategy];
}

/* Which one has that name; -1: none.  Calls nothing, for the shim. */
static inline int strategy_of(const char *name)
{
	const char *known;
	int i, s;

	for (s = 0; s < STRATEGIES; s++) {
		known = strategy_name((enum cx_strategy)s);
		for (i = 0; known[i] && known[i] == name[i]; i++)
			;
		if (known[i] == name[i])
			return s;
	}
	return -1;
}

#endif
