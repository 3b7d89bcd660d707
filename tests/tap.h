/* SPDX-License-Identifier: MIT */
/*
 * A test runner in one header and one small file.  Each case runs in a child
 * process of its own with a time limit, since the cases of this project fork,
 * exec, hang and get killed.  Output is TAP, for meson.  In the environment:
 * TAP_PATIENCE=N makes the limits N times as long (5 for an emulated machine,
 * 0.25 where many are to be reached), TAP_BAIL=1 ends with the first case that
 * fails.
 */
#ifndef TAP_H
#define TAP_H

struct tap_case {
	const char *name;
	void (*run)(void);
	unsigned int limit; /* seconds; 0 is 20.  On a crowded machine, or
			       in a cgroup with a quota, more */
};

/* The exit status of the test program. */
int tap_run(const struct tap_case *cases, unsigned int count);

#define tap_main(cases) tap_run(cases, sizeof(cases) / sizeof *(cases))

/* Which case this is, from 0: for those that share a function and a table. */
unsigned int tap_index(void);

/* End the case: something is wrong. */
_Noreturn void tap_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* End the case: it cannot be tried here.  With CLONEXEC_MUST_WORK=1 in the
   environment that is a failure. */
_Noreturn void tap_skip(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* End the case: this machine does not have what it is about (a CPU feature, a
   capability of root's).  No test could make up for that: always a skip. */
_Noreturn void tap_absent(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Tell something about a case, passed or not. */
void tap_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define check(condition, ...)                                       \
	do {                                                        \
		if (!(condition))                                   \
			tap_fail(__FILE__, __LINE__, __VA_ARGS__);  \
	} while (0)

/* Needs root: say so where there is none. */
void tap_need_root(void);

#endif
