/* SPDX-License-Identifier: MIT */
/* See ownnames-lib.c. */
#ifndef OWNNAMES_H
#define OWNNAMES_H

#include <stddef.h>

struct vector {
	double x[3];
	long sum;
};
struct pair {
	double a, b;
};
struct large {
	long words[20];
};

struct vector *clone(const struct vector *from, long deep, long flags, long d,
		     long e, long f, long g, long h, long i, long j);
long long setuid(long long a, long long b, long long c, long long d,
		 long long e, long long f, long long g, long long h);
double setgid(double a, double b, double c, double d, double e, double f,
	      double g, double h, double i, double j);
float seteuid(float a, const char *b, float c, double d);
struct pair setegid(double by);
struct large setreuid(struct large l, int by);
void setregid(char *text, size_t size, const char *format, ...);
char *setresuid(void);
int (*setresgid(int (*f)(int)))(int);
void *setgroups(void *a, void *b);
long double initgroups(long double x);
long long syscall(long nr, long b, long c, long d, long e, long f, long g,
		  double x);

#endif
