/* SPDX-License-Identifier: MIT */
/*
 * What the storms share.  Each is bounded by a number of rounds, not by
 * time: on a busy machine it takes longer, and still says the same.
 */
#ifndef STORM_H
#define STORM_H

#include <clonexec.h>
#include <pthread.h>
#include <sys/types.h>

enum { STORM_OK = 42 };

/* "sh -c 'exit 42'": the exec that is to work in the end. */
extern char *const storm_sh[];
void storm_exec_ok(void);

/* A file that execve gets as far as reading: ENOEXEC, and residual. */
extern char storm_garbage[64];
void storm_make_garbage(void);
void storm_remove_garbage(void);

/* cx_execv fails with this errno, or the process ends. */
void storm_exec_fails(const char *path, int error);

void storm_thread(void *(*run)(void *), void *arg);
void *storm_sleep(void *arg);

/* fn runs in a child under each strategy, except for `except` (-1: none), and
   is to end with 42. */
void storm_each(void (*fn)(void), int except);

/*
 * The same while another process sends it the signal about every 50 us, so
 * long as it lives.
 */
void storm_each_under_fire(void (*fn)(void), int sig, int except);

#endif
