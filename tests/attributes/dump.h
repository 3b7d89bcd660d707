/* SPDX-License-Identifier: MIT */
/*
 * A program that prints everything that it can see of itself, one key=value
 * a line.  What is different in each process by its nature (pids, times,
 * addresses) is compared with what the process was before the exec, which
 * the environment variable BEFORE tells (before.h), and printed as "kept".
 */
#ifndef DUMP_H
#define DUMP_H

#include <sys/types.h>

void put(const char *key, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A number that is bound to differ: whether it is the one from before. */
void put_kept(const char *key, long long is, long long was);

/* An open file, pipe or namespace without the number in brackets. */
void put_link(const char *key, const char *path);

/* A whole file in one line; the error if it cannot be read. */
void put_file(const char *key, const char *path);

struct before;

void dump_status(void);			       /* /proc/self/status */
void dump_stat(const struct before *b);	       /* /proc/self/stat */
void dump_proc_files(void);		       /* the rest of /proc/self */
void dump_namespaces(const struct before *b);
void dump_limits(void);
void dump_schedule(void);		       /* policy, slack, clocks */
void dump_prctls(void);
void dump_credentials(void);
void dump_keyrings(void);
void dump_ids(const struct before *b);
void dump_children(const struct before *b);
void dump_semaphores(void);
void dump_signals(void);		       /* takes the pending ones */
void dump_files(void);
void dump_start(char **argv, char **envp);     /* argv, environment, auxv */

/* Changes things to see them: call it last. */
void dump_default_slack(void);

#endif
