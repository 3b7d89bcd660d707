/* SPDX-License-Identifier: MIT */
/*
 * Another copy of this code is found by a note in the program: in memory laid
 * out here as a linker might, with notes of others before it, and not where a
 * note is another's, is cut off, or is in the file only.
 */
#include "copies.h"

#include <string.h>

#include "tap.h"

enum { ROOM = 256, TYPE = 1 };

/* A program whose only segment is `bytes`, which has notes. */
struct program {
	_Alignas(8) char bytes[ROOM];
	size_t size;
	ElfW(Phdr) headers[2];
};

static void add_note(struct program *p, const char *name, size_t name_size,
		     uint32_t type, uint32_t desc_size, size_t align)
{
	ElfW(Nhdr) *note = (ElfW(Nhdr) *)(void *)(p->bytes + p->size);
	size_t at;

	note->n_namesz = (uint32_t)name_size;
	note->n_descsz = desc_size;
	note->n_type = type;
	memcpy(note + 1, name, name_size);
	at = (sizeof *note + name_size + align - 1) & -align;
	p->size += at + ((desc_size + align - 1) & -align);
	p->headers[0].p_type = PT_LOAD;
	p->headers[0].p_flags = PF_R;
	p->headers[0].p_filesz = p->headers[0].p_memsz = ROOM;
	p->headers[1].p_type = PT_NOTE;
	p->headers[1].p_memsz = p->size;
	p->headers[1].p_align = align;
}

static void add_ours(struct program *p, size_t align)
{
	int32_t distance = 64;

	add_note(p, "clonexec", 9, TYPE, sizeof distance, align);
	memcpy(p->bytes + p->size - (align == 8 ? 8 : 4), &distance,
	       sizeof distance);
}

static int finds(struct program *p)
{
	return cx_copies_in_notes((uintptr_t)p->bytes, p->headers, 2) != NULL;
}

static void found(void)
{
	struct program four = { .size = 0 }, eight = { .size = 0 };
	struct program last = { .size = 0 };
	cx_copy *want = (cx_copy *)(uintptr_t)(last.bytes + 16 + 20 + 24 + 64);

	add_ours(&four, 4);
	check(finds(&four), "aligned to 4");
	add_ours(&eight, 8);
	check(finds(&eight), "aligned to 8");
	add_note(&last, "GNU", 4, 3, 0, 4);
	add_note(&last, "stapsdt", 8, 3, 0, 4);
	add_ours(&last, 4);
	check(cx_copies_in_notes((uintptr_t)last.bytes, last.headers, 2) ==
		      want,
	      "after two others");
}

static void others(void)
{
	static const struct {
		const char *name;
		uint32_t name_size, type, desc_size;
	} rows[] = {
		{ "clonexex", 9, TYPE, 4 },
		{ "clonexec", 8, TYPE, 4 },
		{ "clonexec", 9, 2, 4 },
		{ "clonexec", 9, TYPE, 8 },
		/* Its end is behind the segment's. */
		{ "clonexec", 9, 2, ROOM },
		{ "clonexec", 9, 2, 0xfffffffc },
	};
	unsigned int i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct program p = { .size = 0 };

		add_note(&p, rows[i].name, rows[i].name_size, rows[i].type, 0,
			 4);
		((ElfW(Nhdr) *)(void *)p.bytes)->n_descsz = rows[i].desc_size;
		p.headers[1].p_memsz = 64;
		check(!finds(&p), "row %u", i);
	}
}

static void cut_off(void)
{
	struct program p = { .size = 0 };
	size_t size;

	add_ours(&p, 4);
	for (size = 0; size < p.size; size++) {
		p.headers[1].p_memsz = size;
		check(!finds(&p), "%zu of %zu bytes", size, p.size);
	}
	p.headers[1].p_memsz = p.size;
	check(finds(&p), "all of it");
}

static void not_loaded(void)
{
	static const struct {
		uint32_t type, flags;
		size_t begin, filesz;
	} rows[] = {
		{ PT_NULL, PF_R, 0, ROOM }, /* in the file only */
		{ PT_LOAD, 0, 0, ROOM },    /* nobody may read it */
		{ PT_LOAD, PF_R, 8, ROOM }, /* it begins behind the note */
		{ PT_LOAD, PF_R, 0, 8 },    /* it ends inside the note */
	};
	unsigned int i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct program p = { .size = 0 };

		add_ours(&p, 4);
		p.headers[0].p_type = rows[i].type;
		p.headers[0].p_flags = rows[i].flags;
		p.headers[0].p_vaddr = rows[i].begin;
		p.headers[0].p_filesz = rows[i].filesz;
		check(!finds(&p), "row %u", i);
	}
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "found: aligned to 4, to 8, after others", found, 10 },
		{ "notes of others are none of ours", others, 10 },
		{ "nor is one that is cut off", cut_off, 10 },
		{ "nor one that is not in memory", not_loaded, 10 },
	};

	return tap_main(cases);
}
