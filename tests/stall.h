/* SPDX-License-Identifier: MIT */
/*
 * The other half of the race, frozen: an exec that stops inside the kernel
 * after it has begun (fs->in_exec is set) and before it has done anything.
 *
 * It execs a script whose interpreter is under a lease (fcntl(2), F_SETLEASE):
 * to open it the kernel waits until the holder, who is told by SIGIO, lets
 * go.  Meanwhile every clone(CLONE_FS) in the process fails with EAGAIN.
 * Afterwards the exec fails with ENOEXEC, since the interpreter is none.
 */
#ifndef STALL_H
#define STALL_H

struct stall {
	char dir[64];
	char script[96];
	char interpreter[96];
	int lease;
};

/* Makes the files and takes the lease.  While there is one thread. */
void stall_open(struct stall *s);

/* In another thread than the one that execs: waits until it has stopped. */
void stall_wait(struct stall *s);

/* Lets it go on (and fail). */
void stall_release(struct stall *s);

/* Removes the files. */
void stall_close(struct stall *s);

#endif
