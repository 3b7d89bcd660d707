/* SPDX-License-Identifier: MIT */
/* A library for symbols.c: enough functions that each bucket has several. */
#define DEFINE(name)      \
	int name(void);   \
	int name(void)    \
	{                 \
		return 1; \
	}
#define FOUR(name) \
	DEFINE(name##a) DEFINE(name##b) DEFINE(name##c) DEFINE(name##d)
FOUR(f_one_)
FOUR(f_two_)
FOUR(f_three_)
FOUR(f_four_)

/* Asked for, not defined: never found here. */
extern int puts(const char *s);
DEFINE(f_last)
int f_calls(void);
int f_calls(void)
{
	return puts("");
}
