/* SPDX-License-Identifier: MIT */
/*
 * dlsym() would do, if it were not for when it is called: before libc is
 * ready, in signal handlers, in children of fork while another thread was
 * inside the loader.  It takes locks and may allocate.  Here the loader's list
 * of objects is walked and their hash tables are read, which needs neither.
 *
 * The list is only ever added to at its end, and what is looked for is in
 * libc or before it, so it is in objects that came with the program and
 * stay as long.  That is why no lock is needed.
 */
#include "symbols.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>

/* Where the list begins: glibc's name for it, and musl's. */
extern struct r_debug _r_debug __attribute__((weak));
extern struct r_debug *_dl_debug_addr __attribute__((weak));

/* libc's; an auditor has none. */
extern unsigned long getauxval(unsigned long type) __attribute__((weak));

/* One object's symbols. */
struct object {
	uintptr_t base;
	const ElfW(Sym) *symbols;
	const char *strings;
	const uint32_t *gnu_hash;
	const Elf_Symndx *hash; /* 64-bit on s390x */
	const uint16_t *versions;
};

/* glibc adds the base to these addresses in place, musl does not. */
static const void *address(uintptr_t base, const ElfW(Dyn) *d)
{
	uintptr_t p = d->d_un.d_ptr;

	return (const void *)(p < base ? base + p : p);
}

static struct object object_of(const struct link_map *map)
{
	struct object o = { .base = map->l_addr };
	const ElfW(Dyn) *d;

	for (d = map->l_ld; d && d->d_tag != DT_NULL; d++) {
		const void *p = address(o.base, d);

		if (d->d_tag == DT_SYMTAB)
			o.symbols = p;
		else if (d->d_tag == DT_STRTAB)
			o.strings = p;
		else if (d->d_tag == DT_GNU_HASH)
			o.gnu_hash = p;
		else if (d->d_tag == DT_HASH)
			o.hash = p;
		else if (d->d_tag == DT_VERSYM)
			o.versions = p;
	}
	return o;
}

static int same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/*
 * The symbol, if number i defines the function.  Of several versions the
 * default is the one whose hidden bit is not set.
 */
static const ElfW(Sym) *defines(const struct object *o, uint32_t i,
				const char *name)
{
	const ElfW(Sym) *s = &o->symbols[i];
	const int type = s->st_info & 0xf;

	if (s->st_shndx == SHN_UNDEF || !s->st_value ||
	    (type != STT_FUNC && type != STT_GNU_IFUNC) ||
	    (o->versions && (o->versions[i] & 0x8000)) ||
	    !same(o->strings + s->st_name, name))
		return NULL;
	return s;
}

static const ElfW(Sym) *find_gnu(const struct object *o, const char *name)
{
	const uint32_t *table = o->gnu_hash, *buckets, *chain;
	const ElfW(Addr) *bloom = (const ElfW(Addr) *)(table + 4);
	uint32_t count = table[0], first = table[1], h = 5381, i;
	const uint32_t bits = sizeof(*bloom) * 8;
	ElfW(Addr) word;
	const ElfW(Sym) *found;
	const char *c;

	for (c = name; *c; c++)
		h = h * 33 + (unsigned char)*c;
	/* Most objects are done here, and few of their pages touched. */
	word = bloom[h / bits & (table[2] - 1)];
	if (!(word >> h % bits & word >> (h >> table[3]) % bits & 1))
		return NULL;
	buckets = (const uint32_t *)(bloom + table[2]);
	chain = buckets + count;
	i = count ? buckets[h % count] : 0;
	if (i < first || i == 0)
		return NULL;
	for (;; i++) {
		found = (chain[i - first] | 1) == (h | 1) ?
				defines(o, i, name) :
				NULL;
		if (found || (chain[i - first] & 1))
			return found;
	}
}

static const ElfW(Sym) *find_sysv(const struct object *o, const char *name)
{
	const Elf_Symndx *buckets = o->hash + 2;
	const Elf_Symndx *chain = buckets + o->hash[0];
	uint32_t h = 0, i;
	const ElfW(Sym) *found;
	const char *c;

	for (c = name; *c; c++) {
		h = (h << 4) + (unsigned char)*c;
		h = (h ^ (h >> 24 & 0xf0)) & 0xfffffff;
	}
	if (!o->hash[0])
		return NULL;
	for (i = (uint32_t)buckets[h % o->hash[0]]; i; i = (uint32_t)chain[i]) {
		found = defines(o, i, name);
		if (found)
			return found;
	}
	return NULL;
}

static const ElfW(Sym) *find(const struct object *o, const char *name)
{
	if (!o->symbols || !o->strings)
		return NULL;
	if (o->gnu_hash)
		return find_gnu(o, name);
	return o->hash ? find_sysv(o, name) : NULL;
}

int cx_symbols_defines(const struct link_map *map, const char *name)
{
	struct object o = object_of(map);

	return find(&o, name) != NULL;
}

/* An indirect function's symbol is the function that tells which it is.  It
   gets what the loader gives it on most CPUs, and nothing more on AArch64,
   where a bit in the first argument would announce more. */
void *cx_symbols_find(const struct link_map *map, const char *name)
{
	struct object o = object_of(map);
	const ElfW(Sym) *s = find(&o, name);
	void *(*resolver)(unsigned long, unsigned long, unsigned long);
	uintptr_t at;

	if (!s)
		return NULL;
	at = o.base + s->st_value;
	if ((s->st_info & 0xf) != STT_GNU_IFUNC)
		return (void *)at;
	resolver = (__typeof__(resolver))at;
	return resolver(getauxval ? getauxval(AT_HWCAP) : 0, 0, 0);
}

const struct link_map *cx_symbols_first(void)
{
	if (&_r_debug)
		return _r_debug.r_map;
	return &_dl_debug_addr && _dl_debug_addr ? _dl_debug_addr->r_map : NULL;
}

static int begins(const char *s, const char *with)
{
	while (*with && *s == *with) {
		s++;
		with++;
	}
	return !*with;
}

int cx_symbols_is_libc(const struct link_map *map)
{
	const char *base = map->l_name ? map->l_name : "", *c;

	for (c = base; *c; c++)
		if (*c == '/')
			base = c + 1;
	return begins(base, "libc.so") || begins(base, "libc-2.") ||
	       begins(base, "libc.musl-") || begins(base, "ld-musl-");
}
