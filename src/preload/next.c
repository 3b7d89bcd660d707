/* SPDX-License-Identifier: MIT */
#include "next.h"

#include <stddef.h>

#include "symbols.h"

/* Our own dynamic section, by which we know ourselves in the list. */
extern ElfW(Dyn) _DYNAMIC[] __attribute__((visibility("hidden")));

static const struct link_map *own_object(void)
{
	const struct link_map *map = cx_symbols_first();

	while (map && map->l_ld != _DYNAMIC)
		map = map->l_next;
	return map;
}

int next_can_be_found(void)
{
	return own_object() != NULL;
}

const char *next_own_path(void)
{
	const struct link_map *map = own_object();

	return map ? map->l_name : NULL;
}

/* Who loaded us by dlopen has libc before us, so then begin at the front. */
static void *find(const char *name)
{
	const struct link_map *own = own_object(), *map;
	void *found = NULL;

	for (map = own ? own->l_next : NULL; map && !found; map = map->l_next)
		found = cx_symbols_find(map, name);
	for (map = cx_symbols_first(); map && map != own && !found;
	     map = map->l_next)
		found = cx_symbols_find(map, name);
	return found;
}

/* An array of arrays: pointers would be relocated in every process. */
static const char names[NEXT_NAMES][16] = {
	[NEXT_NONE] = "",
	[NEXT_PTHREAD_CREATE] = "pthread_create",
	[NEXT_CLONE] = "clone",
	[NEXT_SYSCALL] = "syscall",
	[NEXT_SETUID] = "setuid",
	[NEXT_SETGID] = "setgid",
	[NEXT_SETEUID] = "seteuid",
	[NEXT_SETEGID] = "setegid",
	[NEXT_SETREUID] = "setreuid",
	[NEXT_SETREGID] = "setregid",
	[NEXT_SETRESUID] = "setresuid",
	[NEXT_SETRESGID] = "setresgid",
	[NEXT_SETGROUPS] = "setgroups",
	[NEXT_INITGROUPS] = "initgroups",
	[NEXT_GETGROUPLIST] = "getgrouplist",
	[NEXT_EXECVE] = "execve",
	[NEXT_EXECV] = "execv",
	[NEXT_EXECVPE] = "execvpe",
	[NEXT_EXECVP] = "execvp",
	[NEXT_FEXECVE] = "fexecve",
	[NEXT_EXECVEAT] = "execveat",
};

/*
 * What was found.  Whoever writes here writes the same, so threads need no
 * order between them, and a child of vfork that writes into its parent's
 * memory leaves a truth there.
 */
static void *cache[NEXT_NAMES];

void *next_function(enum next_name name)
{
	void *function = __atomic_load_n(&cache[name], __ATOMIC_RELAXED);

	if (!function && name != NEXT_NONE) {
		function = find(names[name]);
		__atomic_store_n(&cache[name], function, __ATOMIC_RELAXED);
	}
	return function;
}

void *next_in_libc(enum next_name name)
{
	const struct link_map *map = cx_symbols_first();

	while (map && !cx_symbols_is_libc(map))
		map = map->l_next;
	return map ? cx_symbols_find(map, names[name]) : NULL;
}

/*
 * Not kept: exec is asked once in the life of most processes, which are
 * forked to that end, and there the walk is cheaper than a page of our own
 * to write in.
 */
void *next_wrapper(enum next_name name)
{
	const struct link_map *map = own_object();
	void *found = NULL;

	if (name == NEXT_NONE || !map)
		return NULL;
	for (map = map->l_next; map && !cx_symbols_is_libc(map);
	     map = map->l_next) {
		found = cx_symbols_find(map, names[name]);
		if (found)
			break;
	}
	/* A libc by another name. */
	if (found && cx_symbols_defines(map, "__libc_start_main"))
		return NULL;
	return found;
}
