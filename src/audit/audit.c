/* SPDX-License-Identifier: MIT */
/*
 * An auditor (rtld-audit(7), glibc only) for the shim.  A preload is found
 * first where names are looked up from the front of the program's list.  What
 * does not look there binds past it, and says nothing: a plugin that is
 * opened with RTLD_DEEPBIND or by dlmopen(3), and dlsym(3) on libc's own
 * handle.  The loader tells an auditor of each binding, and this one turns
 * those of libc's exec functions to the shim's.
 *
 * Left alone is what objects that define such a function themselves bind to:
 * another preload asks for the next one after it, and would get the first.
 *
 * It is loaded into a namespace of its own, needs no libc there, and is asked
 * once for each binding: some milliseconds at the start of a large program.
 */
#include <link.h>
#include <stddef.h>

#include "execlibc.h"
#include "symbols.h"

#define EXPORT __attribute__((visibility("default")))

/* The shim's, each with libc's name behind the prefix: what they do differs
   from its functions of libc's names in that no later preload is asked. */
static const char names[][24] = {
	"clonexec_libc_execve",	   "clonexec_libc_execv",
	"clonexec_libc_execvp",	   "clonexec_libc_execvpe",
	"clonexec_libc___execvpe", "clonexec_libc_execl",
	"clonexec_libc_execlp",	   "clonexec_libc_execle",
	"clonexec_libc_fexecve",   "clonexec_libc_execveat",
};
enum { NAMES = sizeof names / sizeof *names, PREFIX = 14 };

/* What a cookie says of an object; above that, of a libc in another namespace,
   the place of its errno in the shim's table, from 1. */
enum kind { OTHER, LIBC, DEFINES_EXEC };
enum { KIND_BITS = 8, KIND_MASK = (1 << KIND_BITS) - 1 };

static const struct link_map *shim;

unsigned int la_version(unsigned int version);
unsigned int la_objopen(struct link_map *map, Lmid_t lmid, uintptr_t *cookie);
unsigned int la_objclose(uintptr_t *cookie);

static int same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* The shim's name for an exec function of libc's; NULL for all others. */
static const char *find_name(const char *name)
{
	int i;

	/* Nearly all are done here. */
	if (name[0] != 'e' && name[0] != 'f' && name[0] != '_')
		return NULL;
	for (i = 0; i < NAMES; i++)
		if (same(name, names[i] + PREFIX))
			return names[i];
	return NULL;
}

static enum kind kind_of(const struct link_map *map)
{
	int i;

	if (cx_symbols_is_libc(map))
		return LIBC;
	for (i = 0; i < NAMES; i++)
		if (cx_symbols_defines(map, names[i] + PREFIX))
			return DEFINES_EXEC;
	return OTHER;
}

EXPORT unsigned int la_version(unsigned int version)
{
	return version < LAV_CURRENT ? version : LAV_CURRENT;
}

static void **errno_table(void)
{
	void **(*table)(void) = NULL;

	if (shim)
		table = (void **(*)(void))cx_symbols_find(
			shim, "clonexec_libc_errnos");
	return table ? table() : NULL;
}

/* The loader calls an auditor under its lock, one call at a time. */
static int add_errno(const struct link_map *map)
{
	void **table = errno_table();
	int i;

	for (i = 0; table && i < EXECLIBC_MAX; i++)
		if (!table[i]) {
			__atomic_store_n(&table[i],
					 cx_symbols_find(map,
							 "__errno_location"),
					 __ATOMIC_RELAXED);
			return i + 1;
		}
	return 0;
}

EXPORT unsigned int la_objclose(uintptr_t *cookie)
{
	void **table = errno_table();
	uintptr_t place = *cookie >> KIND_BITS;

	if (table && place > 0 && place <= EXECLIBC_MAX)
		__atomic_store_n(&table[place - 1], NULL, __ATOMIC_RELAXED);
	return 0;
}

EXPORT unsigned int la_objopen(struct link_map *map, Lmid_t lmid,
			       uintptr_t *cookie)
{
	enum kind kind = kind_of(map);

	if (!shim && lmid == LM_ID_BASE && kind == DEFINES_EXEC &&
	    cx_symbols_defines(map, "clonexec_copy_last"))
		shim = map;
	*cookie = kind;
	if (kind == LIBC && lmid != LM_ID_BASE)
		*cookie |= (uintptr_t)add_errno(map) << KIND_BITS;
	if (kind == LIBC)
		return LA_FLG_BINDTO;
	return kind == OTHER ? LA_FLG_BINDFROM : 0;
}

static uintptr_t bind(uintptr_t value, const uintptr_t *from,
		      const uintptr_t *to, const char *name)
{
	const char *shims_name;
	void *ours;

	if (!shim || *from != OTHER || (*to & KIND_MASK) != LIBC)
		return value;
	shims_name = find_name(name);
	ours = shims_name ? cx_symbols_find(shim, shims_name) : NULL;
	return ours ? (uintptr_t)ours : value;
}

/* The width of the CPU is in the name. */
#if __ELF_NATIVE_CLASS == 64
#define BIND la_symbind64
#else
#define BIND la_symbind32
#endif
uintptr_t BIND(ElfW(Sym) *symbol, unsigned int index, uintptr_t *from,
	       uintptr_t *to, unsigned int *flags, const char *name);

EXPORT uintptr_t BIND(ElfW(Sym) *symbol, unsigned int index, uintptr_t *from,
		      uintptr_t *to, unsigned int *flags, const char *name)
{
	return bind(symbol->st_value, from, to, name);
}
