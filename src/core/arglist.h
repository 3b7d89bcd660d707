/* SPDX-License-Identifier: MIT */
/*
 * execl and its friends: the arguments, counted with their NULL and copied to
 * an array.  The array is on the caller's stack, as in libc: these functions
 * may be called in signal handlers.
 *
 * The copy leaves ap behind the NULL, where execle has its environment.  By
 * pointer: on most CPUs a va_list that is passed is a copy.
 */
#ifndef CX_ARGLIST_H
#define CX_ARGLIST_H

#include <stdarg.h>
#include <stddef.h>

static inline size_t cx_arglist_size(const char *arg, va_list ap)
{
	size_t n = 1;

	while (arg) {
		arg = va_arg(ap, const char *);
		n++;
	}
	return n;
}

static inline void cx_arglist_copy(char **argv, size_t n, const char *arg,
				   va_list *ap)
{
	size_t i;

	argv[0] = (char *)arg;
	for (i = 1; i < n; i++)
		argv[i] = va_arg(*ap, char *);
}

#endif
