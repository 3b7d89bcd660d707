/* SPDX-License-Identifier: MIT */
#include "copies.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>

#include "execlock.h"
#include "symbols.h"
#include "wait.h"

/* libc's; a shim that is loaded into a libc without it does without. */
extern unsigned long getauxval(unsigned long type) __attribute__((weak));

#define NOTE_NAME "clonexec"
enum { NOTE_TYPE = 1 };
/* With the name, padded to 4 or to 8, and the distance. */
#define NOTE_SIZE (sizeof(ElfW(Nhdr)) + 12 + 4)

/*
 * What a library exports.  The shim has a name of its own because it comes
 * last: the library's creators call pthread_create(3) while they are inside
 * its lock, and that is the shim's, which enters the shim's.
 */
#define COPY_NAME "clonexec_copy"
#define LAST_NAME "clonexec_copy_last"
#ifndef CX_COPY_EXPORT /* as the shim's meson.build has it */
#define CX_COPY_EXPORT clonexec_copy
#define CX_COPY_IS_LAST 0
#endif

int cx_copy_own(enum cx_copy_call call, uint32_t milliseconds)
{
	switch (call) {
	case CX_COPY_LOCK:
		return cx_execlock_lock_within(EXECLOCK_NOBODY, milliseconds);
	case CX_COPY_LOCK_REGIONS:
		return cx_execlock_lock_within(EXECLOCK_NO_REGION,
					       milliseconds);
	case CX_COPY_UNLOCK:
		cx_execlock_unlock();
		return 0;
	default:
		return -EINVAL; /* of a later version */
	}
}

extern __typeof__(cx_copy_own) CX_COPY_EXPORT
	__attribute__((alias("cx_copy_own"), visibility("default")));

/* The note: name, type, and how far it is from here to the function. */
__asm__(".pushsection .note.clonexec, \"a\", %note\n\t"
	".balign 4\n\t"
	".long 9\n\t"
	".long 4\n\t"
	".long 1\n\t"
	".asciz \"" NOTE_NAME "\"\n\t"
	".balign 4\n"
	"0:\n\t"
	".long cx_copy_own - 0b\n\t"
	".popsection");

static int is_ours(const ElfW(Nhdr) *note)
{
	static const char name[] = NOTE_NAME;
	const char *has = (const char *)(note + 1);
	size_t i;

	if (note->n_namesz != sizeof name || note->n_type != NOTE_TYPE ||
	    note->n_descsz != sizeof(int32_t))
		return 0;
	for (i = 0; i < sizeof name; i++)
		if (has[i] != name[i])
			return 0;
	return 1;
}

static size_t padded(size_t n, size_t align)
{
	return (n + align - 1) & -align;
}

static cx_copy *in_segment(const char *notes, size_t size, size_t align)
{
	const ElfW(Nhdr) *note;
	const char *desc;
	size_t at = 0, next;

	if (align != 8)
		align = 4;
	while (at <= size && size - at >= NOTE_SIZE) {
		note = (const ElfW(Nhdr) *)(notes + at);
		desc = (const char *)note +
		       padded(sizeof *note + note->n_namesz, align);
		if (is_ours(note))
			return (cx_copy *)(uintptr_t)(desc +
						      *(const int32_t *)desc);
		next = padded(sizeof *note + note->n_namesz, align) +
		       padded(note->n_descsz, align);
		if (next > size - at)
			break;
		at += next;
	}
	return NULL;
}

/* A note may be in the file only. */
static int is_loaded(const ElfW(Phdr) *headers, int n, const ElfW(Phdr) *note)
{
	ElfW(Addr) into;
	int i;

	for (i = 0; i < n; i++) {
		into = note->p_vaddr - headers[i].p_vaddr;
		if (headers[i].p_type == PT_LOAD &&
		    (headers[i].p_flags & PF_R) &&
		    note->p_vaddr >= headers[i].p_vaddr &&
		    into <= headers[i].p_filesz &&
		    note->p_memsz <= headers[i].p_filesz - into)
			return 1;
	}
	return 0;
}

cx_copy *cx_copies_in_notes(uintptr_t base, const ElfW(Phdr) *headers, int n)
{
	cx_copy *found = NULL;
	int i;

	for (i = 0; i < n && !found; i++)
		if (headers[i].p_type == PT_NOTE &&
		    is_loaded(headers, n, &headers[i]))
			found = in_segment(
				(const char *)(base + headers[i].p_vaddr),
				headers[i].p_memsz, headers[i].p_align);
	return found;
}

/*
 * How far the program lies from where it was linked to.  One without a loader
 * (static-pie) has no PT_PHDR; its headers then follow the ELF header, which
 * the segment with the file's beginning has.  0 if it can't be told.
 */
static int find_base(const ElfW(Phdr) *headers, int n, uintptr_t *base)
{
	uintptr_t at = (uintptr_t)headers;
	int i;

	for (i = 0; i < n; i++)
		if (headers[i].p_type == PT_PHDR) {
			*base = at - headers[i].p_vaddr;
			return 1;
		}
	for (i = 0; i < n; i++)
		if (headers[i].p_type == PT_LOAD && headers[i].p_offset == 0) {
			*base = at - sizeof(ElfW(Ehdr)) - headers[i].p_vaddr;
			return *base % 4096 == 0;
		}
	return 0;
}

/* The kernel says where the headers of the program are. */
static cx_copy *in_program(void)
{
	const ElfW(Phdr) *headers;
	uintptr_t base;
	int n;

	if (!getauxval)
		return NULL;
	headers = (const ElfW(Phdr) *)getauxval(AT_PHDR);
	n = (int)getauxval(AT_PHNUM);
	if (!headers || getauxval(AT_PHENT) != sizeof *headers ||
	    !find_base(headers, n, &base))
		return NULL;
	return cx_copies_in_notes(base, headers, n);
}

static int add_copy(cx_copy *found[CX_COPIES_MAX], int n, cx_copy *copy)
{
	int i;

	for (i = 0; i < n; i++)
		if (found[i] == copy)
			return n;
	if (!copy || n == CX_COPIES_MAX)
		return n;
	found[n] = copy;
	return n + 1;
}

int cx_copies_find(cx_copy *found[CX_COPIES_MAX])
{
	const struct link_map *map = cx_symbols_first();
	cx_copy *last = CX_COPY_IS_LAST ? cx_copy_own : NULL, *copy;
	int n = 0;

	/* All execs take them in one order, or two would wait for each other.
	   Our own that is not found (we came by dlopen) is no one else's. */
	n = add_copy(found, n, in_program());
	for (; map && !cx_symbols_is_libc(map); map = map->l_next) {
		copy = (cx_copy *)(uintptr_t)cx_symbols_find(map, COPY_NAME);
		n = add_copy(found, n, copy);
		if (!last)
			last = (cx_copy *)(uintptr_t)cx_symbols_find(map,
								     LAST_NAME);
	}
	if (!CX_COPY_IS_LAST)
		n = add_copy(found, n, cx_copy_own);
	return add_copy(found, n, last);
}

/* An older one knows of one lock only. */
static int ask(cx_copy *copy, enum cx_copy_call call, uint32_t milliseconds)
{
	int r = copy(call, milliseconds);

	return r == -EINVAL ? copy(CX_COPY_LOCK, milliseconds) : r;
}

/* The time limit of the copy that execs is for all of them together. */
int cx_copies_lock(enum execlock_set set)
{
	const enum cx_copy_call call =
		set == EXECLOCK_NO_REGION ? CX_COPY_LOCK_REGIONS : CX_COPY_LOCK;
	cx_copy *copies[CX_COPIES_MAX];
	int n = cx_copies_find(copies), i, r = 0, one;
	uint32_t left = cx_wait_timeout();
	struct cx_wait_limit until;

	if (n == 1)
		return ask(copies[0], call, left);
	until = cx_wait_within(left);
	cx_wait_begin(&until); /* the copies' waits are in it */
	for (i = 0; i < n; i++) {
		one = ask(copies[i], call, cx_wait_left(&until));
		if (one < 0)
			r = one;
	}
	return r;
}

void cx_copies_unlock(void)
{
	cx_copy *copies[CX_COPIES_MAX];
	int n = cx_copies_find(copies);

	while (n-- > 0)
		copies[n](CX_COPY_UNLOCK, 0);
}
