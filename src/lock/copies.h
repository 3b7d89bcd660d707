/* SPDX-License-Identifier: MIT */
/*
 * A process may have this code in it more than once: linked with the library
 * and under the shim, or with a static copy in it and a shared one in what it
 * needs.  Each copy has a lock of its own, and a creator takes that of the
 * copy that it was guarded by.  So an exec takes all of them.
 *
 * Found are the copies in the program itself and in the libraries that the
 * loader lists up to libc: those came with the program and cannot be unloaded
 * while they are looked at.  Others (of what dlopen(3) brought, or behind libc
 * in the list) are not found; cx_status() counts those (src/lib/strangers.c).
 */
#ifndef CX_COPIES_H
#define CX_COPIES_H

#include <elf.h>
#include <link.h>
#include <stdint.h>

#include "execlock.h"

/* As cx_execlock_lock() and cx_execlock_unlock(), of every copy: against nobody
   but regions, or against everybody. */
int cx_copies_lock(enum execlock_set set);
void cx_copies_unlock(void);

/*
 * How a copy is called by another: by an ELF note in a program, which exports
 * no symbols, and by a symbol in a library.  The names and numbers are part of
 * the interface between versions.
 */
enum cx_copy_call {
	CX_COPY_LOCK = 1, /* against everybody */
	CX_COPY_UNLOCK = 2,
	CX_COPY_LOCK_REGIONS = 3,
};
typedef int cx_copy(enum cx_copy_call call, uint32_t milliseconds);

/* This one; the note says how far away it is, so nobody may replace it. */
__attribute__((visibility("hidden"))) cx_copy cx_copy_own;

enum { CX_COPIES_MAX = 8 };

/* In the order in which they are taken; returns how many. */
int cx_copies_find(cx_copy *found[CX_COPIES_MAX]);

/* The copy that a note in these program headers tells of, or NULL. */
cx_copy *cx_copies_in_notes(uintptr_t base, const ElfW(Phdr) *headers, int n);

#endif
