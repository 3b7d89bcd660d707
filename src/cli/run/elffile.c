/* SPDX-License-Identifier: MIT */
#include "elffile.h"

#include <elf.h>
#include <stdint.h>
#include <string.h>

/* Bounds on the work that hostile headers can ask for. */
enum {
	MAX_PHDRS = 1024, /* the kernel takes 64 KB of them: 1170 */
	MAX_SHDRS = 4096,
	MAX_DYNS = 4096,
	MAX_STRINGS = 1 << 20,
	MAX_INTERP = 4096, /* PATH_MAX, the kernel's bound */
	MAX_GO_SECTION = 1 << 20,
	MAX_GO_SEGMENT = 1 << 16,
};

/* One file in memory, and how its numbers are written. */
struct view {
	const unsigned char *buf;
	size_t len;
	int wide; /* 64-bit */
	int big;  /* big-endian */
};

/* A stretch of the file. */
struct span {
	uint64_t off;
	uint64_t size;
};

struct segment {
	uint32_t type;
	uint32_t flags;
	uint64_t addr;
	struct span file;
};

static int fits(const struct view *v, uint64_t off, uint64_t size)
{
	return off <= v->len && size <= v->len - off;
}

/* The unsigned number in n bytes at off; 0 where the file ends before. */
static uint64_t number(const struct view *v, uint64_t off, unsigned int n)
{
	uint64_t value = 0;
	unsigned int i;

	if (!fits(v, off, n))
		return 0;
	for (i = 0; i < n; i++) {
		unsigned int at = v->big ? i : n - 1 - i;

		value = value << 8 | v->buf[off + at];
	}
	return value;
}

/* A field that is an address or an offset: as wide as the file's class. */
static uint64_t word(const struct view *v, uint64_t off)
{
	return number(v, off, v->wide ? 8 : 4);
}

/* The string at off, if it ends within max bytes and within the file. */
static const char *string(const struct view *v, uint64_t off, uint64_t max)
{
	if (off >= v->len)
		return NULL;
	if (max > v->len - off)
		max = v->len - off;
	if (!memchr(v->buf + off, '\0', max))
		return NULL;
	return (const char *)v->buf + off;
}

static unsigned int segment_count(const struct view *v)
{
	uint64_t n = number(v, v->wide ? 56 : 44, 2);

	return n < MAX_PHDRS ? n : MAX_PHDRS;
}

static struct segment segment_at(const struct view *v, unsigned int i)
{
	uint64_t off = word(v, v->wide ? 32 : 28);
	struct segment s = { 0 };

	if (!fits(v, off, (uint64_t)(i + 1) * (v->wide ? 56 : 32)))
		return s;
	off += (uint64_t)i * (v->wide ? 56 : 32);
	s.type = number(v, off, 4);
	s.flags = number(v, off + (v->wide ? 4 : 24), 4);
	s.file.off = word(v, off + (v->wide ? 8 : 4));
	s.addr = word(v, off + (v->wide ? 16 : 8));
	s.file.size = word(v, off + (v->wide ? 32 : 16));
	return s;
}

/* Where in the file the byte at this address is; past the end if nowhere. */
static uint64_t offset_of(const struct view *v, uint64_t addr)
{
	unsigned int i, n = segment_count(v);

	for (i = 0; i < n; i++) {
		struct segment s = segment_at(v, i);

		if (s.type == PT_LOAD && addr >= s.addr &&
		    addr - s.addr < s.file.size &&
		    fits(v, s.file.off, s.file.size))
			return s.file.off + (addr - s.addr);
	}
	return v->len;
}

enum elffile_libc elffile_loader_libc(const char *path)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	if (!strncmp(base, "ld-musl-", 8))
		return ELFFILE_MUSL;
	/* ld-linux*.so.N; ld64.so.N and ld.so.1 on PowerPC, s390x, MIPS. */
	if (!strncmp(base, "ld-linux", 8) || !strncmp(base, "ld-lsb", 6) ||
	    !strncmp(base, "ld64.so.", 8) || !strcmp(base, "ld.so.1"))
		return ELFFILE_GLIBC;
	return ELFFILE_OTHER;
}

/* What a DT_NEEDED entry says about the libc: for renamed loaders. */
static enum elffile_libc needed_libc(const char *name)
{
	if (!strcmp(name, "libc.so.6"))
		return ELFFILE_GLIBC;
	if (!strncmp(name, "libc.musl-", 10) || !strcmp(name, "libc.so"))
		return ELFFILE_MUSL;
	return ELFFILE_OTHER;
}

/* libc itself, in as many files as it has had. */
static int is_part_of_libc(const char *name)
{
	static const char *const parts[] = {
		"libc.",       "libm.", "libdl.", "librt.",
		"libpthread.", "ld-",	"ld64.",
	};
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!strncmp(name, parts[i], strlen(parts[i])))
			return 1;
	return 0;
}

/* Whether one of the strings of the table is this. */
static int names(const struct view *v, uint64_t table, uint64_t size,
		 const char *what)
{
	size_t len = strlen(what) + 1;
	uint64_t i;

	if (size > MAX_STRINGS)
		size = MAX_STRINGS;
	if (!fits(v, table, size))
		return 0;
	for (i = 0; i + 1 + len <= size; i++)
		if (!v->buf[table + i] &&
		    !memcmp(v->buf + table + i + 1, what, len))
			return 1;
	return 0;
}

/* DT_SONAME, and the libc by DT_NEEDED where the loader's name is strange. */
static void read_dynamic(const struct view *v, struct span dyn,
			 struct elffile *out)
{
	uint64_t half = v->wide ? 8 : 4;
	uint64_t strtab = v->len, strings = 0;
	uint64_t n = dyn.size / (2 * half), i;

	if (!fits(v, dyn.off, dyn.size))
		return;
	if (n > MAX_DYNS)
		n = MAX_DYNS;
	for (i = 0; i < n; i++) {
		uint64_t tag = word(v, dyn.off + i * 2 * half);

		if (tag == DT_NULL)
			n = i;
		else if (tag == DT_STRTAB)
			strtab = offset_of(
				v, word(v, dyn.off + i * 2 * half + half));
		else if (tag == DT_STRSZ)
			strings = word(v, dyn.off + i * 2 * half + half);
	}
	out->may_load = names(v, strtab, strings, "dlopen") ||
			names(v, strtab, strings, "dlmopen") ||
			names(v, strtab, strings, "dlsym");
	for (i = 0; i < n; i++) {
		uint64_t tag = word(v, dyn.off + i * 2 * half);
		uint64_t val = word(v, dyn.off + i * 2 * half + half);
		const char *name;

		if ((tag != DT_SONAME && tag != DT_NEEDED) ||
		    val > v->len - strtab)
			continue;
		name = string(v, strtab + val, MAX_INTERP);
		if (name && tag == DT_NEEDED && !is_part_of_libc(name))
			out->may_load = 1;
		if (name && tag == DT_SONAME)
			out->soname = name;
		else if (name && out->libc == ELFFILE_OTHER)
			out->libc = needed_libc(name);
	}
}

/* Go's linker aligns the magic to 16 bytes. */
static int find_go(const struct view *v, struct span s, uint64_t max)
{
	static const char magic[] = "\xff Go buildinf:";
	uint64_t i;

	if (s.size > max)
		s.size = max;
	if (s.off > v->len)
		return 0;
	if (s.size > v->len - s.off)
		s.size = v->len - s.off;
	for (i = 0; i + sizeof(magic) - 1 <= s.size; i += 16)
		if (!memcmp(v->buf + s.off + i, magic, sizeof(magic) - 1))
			return 1;
	return 0;
}

/* The section .go.buildinfo, where the file still has a section table. */
static int go_in_sections(const struct view *v)
{
	uint64_t table = word(v, v->wide ? 40 : 32);
	uint64_t each = v->wide ? 64 : 40;
	uint64_t n = number(v, v->wide ? 60 : 48, 2);
	uint64_t names = number(v, v->wide ? 62 : 50, 2), i, at;

	if (n > MAX_SHDRS)
		n = MAX_SHDRS;
	if (names >= n || !fits(v, table, n * each))
		return 0;
	names = word(v, table + names * each + (v->wide ? 24 : 16));
	for (i = 0, at = table; i < n; i++, at += each) {
		uint64_t index = number(v, at, 4);
		const char *name;
		struct span s;

		if (names > v->len || index > v->len - names)
			continue;
		name = string(v, names + index, 64);
		if (!name || strcmp(name, ".go.buildinfo"))
			continue;
		s.off = word(v, at + (v->wide ? 24 : 16));
		s.size = word(v, at + (v->wide ? 32 : 20));
		return find_go(v, s, MAX_GO_SECTION);
	}
	return 0;
}

static void read_segments(const struct view *v, struct elffile *out)
{
	struct span dynamic = { 0 };
	unsigned int i, n = segment_count(v);

	for (i = 0; i < n; i++) {
		struct segment s = segment_at(v, i);

		/* The first PT_INTERP counts, as in the kernel. */
		if (s.type == PT_INTERP && !out->interp) {
			if (s.file.size >= 2 && s.file.size <= MAX_INTERP)
				out->interp =
					string(v, s.file.off, s.file.size);
			if (out->interp)
				out->libc = elffile_loader_libc(out->interp);
		} else if (s.type == PT_DYNAMIC) {
			dynamic = s.file;
		} else if (s.type == PT_LOAD &&
			   (s.flags & (PF_W | PF_X)) == PF_W && !out->go) {
			out->go = find_go(v, s.file, MAX_GO_SEGMENT);
		}
	}
	if (dynamic.size)
		read_dynamic(v, dynamic, out);
	if (!out->go)
		out->go = go_in_sections(v);
}

int elffile_parse(const unsigned char *buf, size_t len, struct elffile *out)
{
	struct view v = { .buf = buf, .len = len };

	memset(out, 0, sizeof(*out));
	if (len < 52 || memcmp(buf, ELFMAG, SELFMAG))
		return -1;
	if (buf[EI_CLASS] != ELFCLASS32 && buf[EI_CLASS] != ELFCLASS64)
		return -1;
	if (buf[EI_DATA] != ELFDATA2LSB && buf[EI_DATA] != ELFDATA2MSB)
		return -1;
	v.wide = buf[EI_CLASS] == ELFCLASS64;
	v.big = buf[EI_DATA] == ELFDATA2MSB;
	if (v.wide && len < 64)
		return -1;

	out->bits = v.wide ? 64 : 32;
	out->big_endian = v.big;
	out->type = number(&v, 16, 2);
	out->machine = number(&v, 18, 2);
	if (out->type != ET_EXEC && out->type != ET_DYN)
		return -1;
	if (number(&v, v.wide ? 54 : 42, 2) != (v.wide ? 56 : 32))
		return -1;
	read_segments(&v, out);
	return 0;
}

const char *elffile_machine_name(unsigned int machine)
{
	static const struct {
		unsigned int machine;
		const char *name;
	} names[] = {
		{ EM_386, "x86" },	{ EM_X86_64, "x86-64" },
		{ EM_ARM, "ARM" },	{ EM_AARCH64, "AArch64" },
		{ EM_RISCV, "RISC-V" }, { EM_PPC64, "PowerPC64" },
		{ EM_PPC, "PowerPC" },	{ EM_S390, "S/390" },
		{ EM_MIPS, "MIPS" },	{ EM_SPARCV9, "SPARC64" },
		{ 258, "LoongArch" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].machine == machine)
			return names[i].name;
	return NULL;
}
