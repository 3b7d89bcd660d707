/* SPDX-License-Identifier: MIT */
/*
 * A root directory in which no exec can succeed, for one thread: files of
 * every kind that execve refuses, on a tmpfs in a mount namespace that ends
 * with the process.  So a fuzzer may try to exec whatever it thinks of.
 */
#ifndef WORLD_H
#define WORLD_H

/* 0, or -1: not permitted here.  Before there are other threads. */
int world_make(void);

/* Runs fn(arg) on the thread that lives there, and waits for it. */
void world_run(void (*fn)(void *), void *arg);

/*
 *	/a	x a program that is none (ENOEXEC), n not executable, d a
 *		directory, l a link to nowhere, o one to itself, e empty,
 *		u a FIFO, s a script without interpreter (ENOENT); the
 *		working directory
 *	/b	closed to us, with an x
 *	/c	a link to /a
 *	/f	a file, where a directory would be wanted
 *	/m	mounted noexec, with an x
 *	/bin/sh	a program that is none
 */

#endif
