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

static void gnu(void) { finds_in("HASH_GNU"); }
static void sysv(void) { finds_in("HASH_SYSV"); }

static void libc(void)
{
	const struct link_map *map = cx_symbols_first();
	int n = 0;

	check(map && !cx_symbols_is_libc(map), "the program is a libc");
	for (; map; map = map->l_next)
		n += cx_symbols_is_libc(map);
	check(n == 1, "%d libcs in the list", n);
}

int main(void)
{
	static const struct tap_case cases[] = {
		{ "by the GNU hash table, as dlsym does", gnu, 10 },
		{ "by the System V hash table", sysv, 10 },
		{ "one object of the list is the libc", libc, 10 },
	};

	return tap_main(cases);
}
