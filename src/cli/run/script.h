/* SPDX-License-Identifier: MIT */
/* The first line of a script, read exactly as the kernel reads it. */
#ifndef CLI_SCRIPT_H
#define CLI_SCRIPT_H

#include <stddef.h>

/* What the kernel looks at: BINPRM_BUF_SIZE, 256 since Linux 5.1. */
enum { SCRIPT_LINE_MAX = 256 };

struct script {
	char interp[SCRIPT_LINE_MAX]; /* may be empty: then exec fails */
	char arg[SCRIPT_LINE_MAX];    /* the one argument, or empty */
	int has_arg;
};

/*
 * Fills *out from the first len bytes of a file (256 suffice).  Returns 0,
 * or -1 if the kernel would not run it as a script.
 */
int script_parse(const unsigned char *buf, size_t len, struct script *out);

#endif
