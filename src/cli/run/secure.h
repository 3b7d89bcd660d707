/* SPDX-License-Identifier: MIT */
/* Would this file, started by this process, run in secure-execution mode? */
#ifndef CLI_SECURE_H
#define CLI_SECURE_H

#include <sys/stat.h>

/*
 * Returns why it would ("it is set-user-ID"), or NULL if it would not.  In
 * that mode the dynamic loader ignores LD_PRELOAD.  Only reads; st is the
 * file's own, not that of a script.
 */
const char *secure_reason(const char *path, const struct stat *st);

#endif
