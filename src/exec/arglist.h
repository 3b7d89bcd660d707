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

/*
 * At the start of an execl's body: argv is the list with its NULL, ap stands
 * behind it until va_end.  A macro, since va_start and an array on the caller's
 * stack belong to the caller.
 */
#define CX_ARGLIST(argv, arg, ap)               \
	va_list ap;                             \
	size_t argv##_size;                     \
                                                \
	va_start(ap, arg);                      \
	argv##_size = cx_arglist_size(arg, ap); \
	va_end(ap);                             \
	char *argv[argv##_size];                \
	va_start(ap, arg);                      \
	cx_arglist_copy(argv, argv##_size, arg, &ap)

#endif
