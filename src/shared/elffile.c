/* SPDX-License-Identifier: MIT */
#include "elffile.h"

#include "elfview.h"

#include <elf.h>
#include <stdint.h>
#include <string.h>

/* Bounds on the work that hostile headers can ask for. */
enum {
	MAX_DYNS = 4096,
	MAX_SYMBOLS = 1 << 20,
	MAX_FUNCTION = 64,
	MAX_STRINGS = 1 << 20,
	MAX_INTERP = 4096, /* PATH_MAX, the kernel's bound */
	MAX_GO_SECTION = 1 << 20,
	MAX_GO_SEGMENT = 1 << 16,
};

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
static int names(const struct elfview *v, uint64_t table, uint64_t size,
		 const char *what)
{
	size_t len = strlen(what) + 1;
	uint64_t i;

	if (size > MAX_STRINGS)
		size = MAX_STRINGS;
	if (!elfview_fits(v, table, size))
		return 0;
	for (i = 0; i + 1 + len <= size; i++)
		if (!v->buf[table + i] &&
		    !memcmp(v->buf + table + i + 1, what, len))
			return 1;
	return 0;
}

/* DT_SONAME, and the libc by DT_NEEDED where the loader's name is strange. */
static void read_dynamic(const struct elfview *v, struct elfview_span dyn,
			 struct elffile *out)
{
	uint64_t half = v->wide ? 8 : 4;
	uint64_t strtab = v->len, strings = 0;
	uint64_t n = dyn.size / (2 * half), i;

	if (!elfview_fits(v, dyn.off, dyn.size))
		return;
	if (n > MAX_DYNS)
		n = MAX_DYNS;
	for (i = 0; i < n; i++) {
		uint64_t tag = elfview_word(v, dyn.off + i * 2 * half);

		if (tag == DT_NULL)
			n = i;
		else if (tag == DT_STRTAB)
			strtab = elfview_offset(
				v,
				elfview_word(v, dyn.off + i * 2 * half + half));
		else if (tag == DT_STRSZ)
			strings =
				elfview_word(v, dyn.off + i * 2 * half + half);
	}
	out->may_load = names(v, strtab, strings, "dlopen") ||
			names(v, strtab, strings, "dlmopen") ||
			names(v, strtab, strings, "dlsym");
	for (i = 0; i < n; i++) {
		uint64_t tag = elfview_word(v, dyn.off + i * 2 * half);
		uint64_t val = elfview_word(v, dyn.off + i * 2 * half + half);
		const char *name;

		if ((tag != DT_SONAME && tag != DT_NEEDED) ||
		    val > v->len - strtab)
			continue;
		name = elfview_string(v, strtab + val, MAX_INTERP);
		if (name && tag == DT_NEEDED && !is_part_of_libc(name))
			out->may_load = 1;
		if (name && tag == DT_SONAME)
			out->soname = name;
		else if (name && out->libc == ELFFILE_OTHER)
			out->libc = needed_libc(name);
	}
}

/* Go's linker aligns the magic to 16 bytes. */
static int find_go(const struct elfview *v, struct elfview_span s, uint64_t max)
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
static int go_in_sections(const struct elfview *v)
{
	struct elfview_section names, s;
	unsigned int i;

	if (elfview_section(v, elfview_number(v, v->wide ? 62 : 50, 2), &names))
		return 0;
	for (i = 0; elfview_section(v, i, &s) == 0; i++) {
		const char *name;

		if (names.file.off > v->len || s.name > v->len - names.file.off)
			continue;
		name = elfview_string(v, names.file.off + s.name, 64);
		if (name && !strcmp(name, ".go.buildinfo"))
			return find_go(v, s.file, MAX_GO_SECTION);
	}
	return 0;
}

static void read_segments(const struct elfview *v, struct elffile *out)
{
	struct elfview_span dynamic = { 0 };
	unsigned int i, n = elfview_segment_count(v);

	for (i = 0; i < n; i++) {
		struct elfview_segment s = elfview_segment(v, i);

		/* The first PT_INTERP counts, as in the kernel. */
		if (s.type == PT_INTERP && !out->interp) {
			if (s.file.size >= 2 && s.file.size <= MAX_INTERP)
				out->interp = elfview_string(v, s.file.off,
							     s.file.size);
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
	struct elfview v;

	memset(out, 0, sizeof(*out));
	if (elfview_open(&v, buf, len) != 0)
		return -1;
	out->bits = v.wide ? 64 : 32;
	out->big_endian = v.big;
	out->type = elfview_number(&v, 16, 2);
	out->machine = elfview_number(&v, 18, 2);
	if (out->type != ET_EXEC && out->type != ET_DYN)
		return -1;
	if (elfview_number(&v, v.wide ? 54 : 42, 2) != (v.wide ? 56 : 32))
		return -1;
	read_segments(&v, out);
	return 0;
}

static int is_exec_function(const char *name)
{
	static const char *const names[] = {
		"execve", "execv",  "execvp",  "execvpe",  "execl",
		"execlp", "execle", "fexecve", "execveat",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return 1;
	return 0;
}

/* A symbol that is defined here and is not only asked for. */
static int defines_exec(const struct elfview *v, const struct elfview_span *sym,
			const struct elfview_span *strings)
{
	uint64_t each = v->wide ? 24 : 16, n = sym->size / each, i;

	if (n > MAX_SYMBOLS)
		n = MAX_SYMBOLS;
	for (i = 0; i < n; i++) {
		uint64_t at = sym->off + i * each;
		uint64_t name = elfview_number(v, at, 4);
		const char *s;

		if (!elfview_number(v, at + (v->wide ? 6 : 14), 2) ||
		    strings->off > v->len || name > v->len - strings->off)
			continue;
		s = elfview_string(v, strings->off + name, MAX_FUNCTION);
		if (s && is_exec_function(s))
			return 1;
	}
	return 0;
}

int elffile_defines_exec(const unsigned char *buf, size_t len)
{
	struct elfview v;
	struct elfview_section s, strings;
	unsigned int i;

	if (elfview_open(&v, buf, len) != 0)
		return -1;
	for (i = 0; elfview_section(&v, i, &s) == 0; i++) {
		if (s.type != SHT_DYNSYM ||
		    elfview_section(&v, s.link, &strings) != 0)
			continue;
		if (!elfview_fits(&v, s.file.off, s.file.size))
			return -1;
		return defines_exec(&v, &s.file, &strings.file);
	}
	return -1;
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
