/* SPDX-License-Identifier: MIT */
#include "elfview.h"

#include <elf.h>
#include <string.h>

/* Bounds on the work that hostile headers can ask for. */
enum {
	MAX_PHDRS = 1024, /* the kernel takes 64 KB of them: 1170 */
	MAX_SHDRS = 4096,
};

int elfview_open(struct elfview *v, const unsigned char *buf, size_t len)
{
	v->buf = buf;
	v->len = len;
	if (len < 52 || memcmp(buf, ELFMAG, SELFMAG))
		return -1;
	if (buf[EI_CLASS] != ELFCLASS32 && buf[EI_CLASS] != ELFCLASS64)
		return -1;
	if (buf[EI_DATA] != ELFDATA2LSB && buf[EI_DATA] != ELFDATA2MSB)
		return -1;
	v->wide = buf[EI_CLASS] == ELFCLASS64;
	v->big = buf[EI_DATA] == ELFDATA2MSB;
	return v->wide && len < 64 ? -1 : 0;
}

int elfview_fits(const struct elfview *v, uint64_t off, uint64_t size)
{
	return off <= v->len && size <= v->len - off;
}

uint64_t elfview_number(const struct elfview *v, uint64_t off, unsigned int n)
{
	uint64_t value = 0;
	unsigned int i;

	if (!elfview_fits(v, off, n))
		return 0;
	for (i = 0; i < n; i++) {
		unsigned int at = v->big ? i : n - 1 - i;

		value = value << 8 | v->buf[off + at];
	}
	return value;
}

uint64_t elfview_word(const struct elfview *v, uint64_t off)
{
	return elfview_number(v, off, v->wide ? 8 : 4);
}

const char *elfview_string(const struct elfview *v, uint64_t off, uint64_t max)
{
	if (off >= v->len)
		return NULL;
	if (max > v->len - off)
		max = v->len - off;
	if (!memchr(v->buf + off, '\0', max))
		return NULL;
	return (const char *)v->buf + off;
}

unsigned int elfview_segment_count(const struct elfview *v)
{
	uint64_t n = elfview_number(v, v->wide ? 56 : 44, 2);

	return n < MAX_PHDRS ? n : MAX_PHDRS;
}

struct elfview_segment elfview_segment(const struct elfview *v, unsigned int i)
{
	uint64_t off = elfview_word(v, v->wide ? 32 : 28);
	struct elfview_segment s = { 0 };

	if (!elfview_fits(v, off, (uint64_t)(i + 1) * (v->wide ? 56 : 32)))
		return s;
	off += (uint64_t)i * (v->wide ? 56 : 32);
	s.type = elfview_number(v, off, 4);
	s.flags = elfview_number(v, off + (v->wide ? 4 : 24), 4);
	s.file.off = elfview_word(v, off + (v->wide ? 8 : 4));
	s.addr = elfview_word(v, off + (v->wide ? 16 : 8));
	s.file.size = elfview_word(v, off + (v->wide ? 32 : 16));
	return s;
}

uint64_t elfview_offset(const struct elfview *v, uint64_t addr)
{
	unsigned int i, n = elfview_segment_count(v);

	for (i = 0; i < n; i++) {
		struct elfview_segment s = elfview_segment(v, i);

		if (s.type == PT_LOAD && addr >= s.addr &&
		    addr - s.addr < s.file.size &&
		    elfview_fits(v, s.file.off, s.file.size))
			return s.file.off + (addr - s.addr);
	}
	return v->len;
}

int elfview_section(const struct elfview *v, unsigned int i,
		    struct elfview_section *out)
{
	uint64_t off = elfview_word(v, v->wide ? 40 : 32);
	uint64_t each = v->wide ? 64 : 40;
	uint64_t n = elfview_number(v, v->wide ? 60 : 48, 2);

	if (i >= n || i >= MAX_SHDRS || !elfview_fits(v, off, (i + 1) * each))
		return -1;
	off += i * each;
	out->name = elfview_number(v, off, 4);
	out->type = elfview_number(v, off + 4, 4);
	out->file.off = elfview_word(v, off + (v->wide ? 24 : 16));
	out->file.size = elfview_word(v, off + (v->wide ? 32 : 20));
	out->link = elfview_number(v, off + (v->wide ? 40 : 24), 4);
	return 0;
}
