/* SPDX-License-Identifier: MIT */
/* Seccomp filters like those of container runtimes.  Need root, because
   no_new_privs would take away what the tests are about. */
#ifndef FILTER_H
#define FILTER_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Docker's default profile without CAP_SYS_ADMIN, as far as clonexec meets
 * it: unshare and clone with CLONE_NEW* answer EPERM, clone3 ENOSYS.
 */
void filter_like_docker(void);

/* The same, but unshare kills the process. */
void filter_that_kills(void);

/* Only: this system call kills the process. */
void filter_kill(long nr);

/* Only: this system call answers this errno. */
void filter_refuse(long nr, int error);

/* The same, only where the argument of this index has this value. */
void filter_refuse_if(long nr, int argument, unsigned long value, int error);

/* The same, and SIGSYS is sent. */
void filter_trap_if(long nr, int argument, unsigned long value);

/* This system call stops until the reader of the descriptor lets it go on. */
int filter_stop(long nr);

/* The same if one of these bits is in its argument number `arg` (from 0). */
void filter_refuse_flag(long nr, int arg, unsigned int bits, int error);

/*
 * The clone of a helper thread (no other has CLONE_IO) stops until the one
 * who reads the descriptor returned says so: filter_wait(), then
 * filter_continue().
 */
int filter_stop_helper(void);
unsigned long long filter_wait(int fd);
void filter_continue(int fd, unsigned long long id);

/* Whose it is, as filter_wait(); and lets go on what stops within that time. */
pid_t filter_wait_pid(int fd, unsigned long long *id);
void filter_continue_any(int fd, int milliseconds);

/* Where a filter finds the lower half of an argument, numbered from 0. */
size_t filter_argument(int n);

#endif
