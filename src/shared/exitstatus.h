/* SPDX-License-Identifier: MIT */
/* What the commands exit with, as env(1), nohup(1) and the shells do. */
#ifndef EXITSTATUS_H
#define EXITSTATUS_H

enum {
	EXIT_SKIPPED = 77, /* nothing could be tested */
	EXIT_OWN_FAILURE = 125,
	EXIT_NOT_EXECUTABLE = 126, /* the program was found, but exec fails */
	EXIT_NOT_FOUND = 127
};

#endif
