/* SPDX-License-Identifier: MIT */
/* The differences between plain execve and ours that are known and meant. */
#ifndef EXPECTED_H
#define EXPECTED_H

enum expected_where {
	ANYWHERE,
	WITH_HELPER,	/* the means is a helper thread */
	WITH_FILTER,	/* a seccomp filter is in force */
};

struct expected {
	enum expected_where where;
	int always;		/* if it does not show, the table is wrong */
	const char *scenario;	/* those whose names begin so; NULL: all */
	const char *key;
	const char *reason;
};

extern const struct expected expected_differences[];
extern const unsigned int expected_count;

#endif
