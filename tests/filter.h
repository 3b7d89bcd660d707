/* SPDX-License-Identifier: MIT */
/* Seccomp filters like those of container runtimes.  Need root, because
   no_new_privs would take away what the tests are about. */
#ifndef FILTER_H
#define FILTER_H

/*
 * Docker's default profile without CAP_SYS_ADMIN, as far as clonexec meets
 * it: unshare and clone with CLONE_NEW* answer EPERM, clone3 ENOSYS.
 */
void filter_like_docker(void);

/* The same, but unshare kills the process. */
void filter_that_kills(void);

/* Only: this system call answers this errno. */
void filter_refuse(long nr, int error);

/*
 * The clone of a helper thread (no other has CLONE_IO) stops until the one
 * who reads the descriptor returned says so: filter_wait(), then
 * filter_continue().
 */
int filter_stop_helper(void);
unsigned long long filter_wait(int fd);
void filter_continue(int fd, unsigned long long id);

#endif
