/* SPDX-License-Identifier: MIT */
/*
 * What an object of the loader's list defines, found without the loader: in
 * libraries with either kind of hash table, the same as dlsym(3) finds.
 */
#include "symbols.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static const struct link_map *open_it(const char *variable, void **handle)
{
	const char *path = getenv(variable);
	const struct link_map *map = cx_symbols_first();

	if (!path)
		tap_absent("the linker makes no such table");
	*handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	check(*handle != NULL, "%s", dlerror());
	for (; map; map = map->l_next)
		if (map->l_name && !strcmp(map->l_name, path))
			return map;
	check(0, "%s is not in the list", path);
	return NULL;
}

static void finds_in(const char *variable)
{
	static const char *const stems[] = { "f_one_", "f_two_", "f_three_",
					     "f_four_", "f_five_" };
	void *handle, *want;
	const struct link_map *map = open_it(variable, &handle);
	unsigned int i, found = 0;
	char name[16], c;

	for (i = 0; i < sizeof stems / sizeof *stems; i++)
		for (c = 'a'; c <= 'z'; c++) {
			snprintf(name, sizeof name, "%s%c", stems[i], c);
			want = dlsym(handle, name);
			check(cx_symbols_find(map, name) == want,
			      "%s: %p, not %p", name,
			      cx_symbols_find(map, name), want);
			found += want != NULL;
		}
	check(found == 16, "%u functions, not 16", found);
	check(cx_symbols_find(map, "f_last") == dlsym(handle, "f_last"),
	      "f_last");
	check(!cx_symbols_find(map, "puts"), "puts, which it only calls");
	check(!cx_symbols_find(map, ""), "a name without a letter");
	dlclose(handle);
}

static void gnu(void)
{
	finds_in("HASH_GNU");
}
static void sysv(void)
{
	finds_in("HASH_SYSV");
}

static void libc(void)
{
	const struct link_map *map = cx_symbols_first();
	int n = 0;

	check(map && !cx_symbols_is_libc(map), "the program is a libc");
	for (; map; map = map->l_next)
		n += cx_symbols_is_libc(map);
	check(n == 1, "%d libcs in the list", n);
}

/* ---- An object made here, whose System V table has one bucket ---- */

enum { NAMES = 5 };

static int a_function(void)
{
	return 1;
}

struct object {
	ElfW(Sym) symbols[NAMES];
	const char *strings;
	Elf_Symndx hash[2 + 1 + NAMES];
	uint16_t versions[NAMES];
	ElfW(Dyn) dynamic[6];
	struct link_map map;
};

/* Symbol i is called by the letter at strings[2 i + 1], and is followed by the
   next one in the bucket. */
static void make(struct object *o)
{
	static const ElfW(Sword) tags[] = { DT_SYMTAB, DT_STRTAB, DT_HASH,
					    DT_VERSYM, DT_NULL };
	const void *tables[] = { o->symbols, "\0a\0b\0c\0d", o->hash,
				 o->versions, NULL };
	unsigned int i;

	o->hash[0] = 1;
	o->hash[1] = NAMES;
	o->hash[2] = 1;
	for (i = 1; i < NAMES; i++) {
		o->hash[2 + 1 + i] = i + 1 < NAMES ? i + 1 : 0;
		o->symbols[i].st_name = 2 * i - 1;
		o->symbols[i].st_shndx = 1;
		o->symbols[i].st_value = (uintptr_t)a_function;
		o->symbols[i].st_info = STT_FUNC;
	}
	for (i = 0; i < sizeof tags / sizeof *tags; i++) {
		o->dynamic[i].d_tag = tags[i];
		o->dynamic[i].d_un.d_ptr = (uintptr_t)tables[i];
	}
	o->map.l_ld = o->dynamic;
}

static int has(const struct object *o, const char *name)
{
	return cx_symbols_find(&o->map, name) == (void *)a_function;
}

/* What is called, is data, or is an old version, is not defined. */
static void not_defined(void)
{
	struct object o = { .strings = NULL };

	make(&o);
	check(has(&o, "a") && has(&o, "d"), "the first, the last");
	o.symbols[1].st_shndx = SHN_UNDEF;
	o.symbols[2].st_value = 0;
	o.symbols[3].st_info = STT_OBJECT;
	o.versions[4] = 0x8000 | 2;
	check(!has(&o, "a"), "one that it only calls");
	check(!has(&o, "b"), "one without a value");
	check(!has(&o, "c"), "data");
	check(!has(&o, "d"), "a version that is not the default");
	o.versions[4] = 2;
	check(has(&o, "d"), "the default");
}

/* As tools leave behind that strip or compress programs. */
static void no_tables(void)
{
	struct object o = { .strings = NULL };

	make(&o);
	o.hash[0] = 0;
	check(!has(&o, "a"), "no bucket");
	o.hash[0] = 1;
	o.dynamic[2].d_tag = DT_DEBUG;
	check(!has(&o, "a"), "no hash table");
	o.dynamic[2].d_tag = DT_HASH;
	o.dynamic[1].d_tag = DT_DEBUG;
	check(!has(&o, "a"), "no names");
	o.map.l_ld = NULL;
	check(!has(&o, "a"), "nothing dynamic at all");
}

static void empty_gnu(void)
{
	/* No bucket; one word of the filter, which lets all pass. */
	static _Alignas(8) uint32_t table[8] = { 0, 1, 1, 6, ~0u, ~0u, 0, 0 };
	struct object o = { .strings = NULL };

	make(&o);
	o.dynamic[2].d_tag = DT_GNU_HASH;
	o.dynamic[2].d_un.d_ptr = (uintptr_t)table;
	check(!has(&o, "a"), "found in an empty table");
}

static void names(void)
{
	static const char *const libcs[] = { "/lib64/libc.so.6", "libc-2.31.so",
					     "/lib/libc.musl-x86_64.so.1",
					     "/lib/ld-musl-aarch64.so.1" };
	static const char *const others[] = { "", "/lib/libcrypt.so.1",
					      "/opt/libc.so.6/libz.so",
					      "libc-client.so.2007e" };
	struct link_map map = { .l_name = NULL };
	unsigned int i;

	check(!cx_symbols_is_libc(&map), "one without a name");
	for (i = 0; i < 4; i++) {
		map.l_name = (char *)libcs[i];
		check(cx_symbols_is_libc(&map), "%s", libcs[i]);
		map.l_name = (char *)others[i];
		check(!cx_symbols_is_libc(&map), "%s", others[i]);
	}
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "by the GNU hash table, as dlsym does", gnu, 10 },
		{ "by the System V hash table", sysv, 10 },
		{ "one object of the list is the libc", libc, 10 },
		{ "what is called, data or old is not defined", not_defined,
		  10 },
		{ "objects that lack a table", no_tables, 10 },
		{ "an empty GNU hash table", empty_gnu, 10 },
		{ "which names are libcs", names, 10 },
	};

	return tap_main(cases);
}
