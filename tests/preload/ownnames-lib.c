/* SPDX-License-Identifier: MIT */
/*
 * A library whose functions have names of libc's by chance, and arguments and
 * results of every other kind: on the stack, in floating registers, in memory,
 * as many as the caller likes.
 */
#include "ownnames.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct vector *clone(const struct vector *from, long deep, long flags, long d,
		     long e, long f, long g, long h, long i, long j)
{
	struct vector *v = malloc(sizeof *v);

	*v = *from;
	v->sum = deep + flags * 2 + d * 3 + e * 4 + f * 5 + g * 6 + h * 7 +
		 i * 8 + j * 9;
	return v;
}

long long setuid(long long a, long long b, long long c, long long d,
		 long long e, long long f, long long g, long long h)
{
	return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8;
}

double setgid(double a, double b, double c, double d, double e, double f,
	      double g, double h, double i, double j)
{
	return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 +
	       i * 9 + j * 10;
}

float seteuid(float a, const char *b, float c, double d)
{
	return (float)(a + strlen(b) * 2 + c * 3 + d * 4);
}

struct pair setegid(double by)
{
	struct pair p = { by, by * 2 };

	return p;
}

struct large setreuid(struct large l, int by)
{
	int i;

	for (i = 0; i < 20; i++)
		l.words[i] *= by;
	return l;
}

void setregid(char *text, size_t size, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, size, format, ap);
	va_end(ap);
}

char *setresuid(void)
{
	static char text[] = "nothing asked";

	return text;
}

int (*setresgid(int (*f)(int)))(int)
{
	return f;
}

void *setgroups(void *a, void *b)
{
	return b ? b : a;
}

long double initgroups(long double x)
{
	return x / 3;
}

long long syscall(long nr, long b, long c, long d, long e, long f, long g,
		  double x)
{
	return (long long)x * 1000000 +
	       (nr + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7);
}
