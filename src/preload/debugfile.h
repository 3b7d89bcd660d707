/* SPDX-License-Identifier: MIT */
/*
 * Where the lines of CLONEXEC_DEBUG go.  A program may have closed its standard
 * error, and what it opens next has that number: its data, or a connection.
 * So a line is written only to what the variable names:
 *
 *	/PATH	  that file, appended to and made if it is not there
 *	DEV:INO	  descriptor 2, as long as it is that file; what
 *		  `clonexec run --debug` was given as its standard error
 *	otherwise descriptor 2 if it is the terminal of this session, or the
 *		  stream that systemd connects to its journal
 */
#ifndef PRELOAD_DEBUGFILE_H
#define PRELOAD_DEBUGFILE_H

#include <stddef.h>

/* By one system call, so that lines of several threads do not mix. */
void debugfile_write(const char *text, size_t size);

#endif
