/* SPDX-License-Identifier: MIT */
/* What arch/<cpu>/syscall.S and the functions that it jumps to know of each
   other. */
#ifndef PRELOAD_INTERPOSE_H
#define PRELOAD_INTERPOSE_H

#include "any/names.h"

extern void *interpose_next[INTERPOSE_NAMES];

/*
 * Where a call of the name goes to that has this first argument: in the shim,
 * or in libc, or where the program means a function of its own.
 */
void *interpose_find(unsigned int number, long first);

/* guarded.c's for the name, which is libc's for the program. */
void *guarded_function(unsigned int number);

#endif
