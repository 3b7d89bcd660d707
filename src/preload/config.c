/* SPDX-License-Identifier: MIT */
/*
 * There is no constructor to read the environment in, so it is read when it
 * is needed: with glibc that which the program was started with, with another
 * libc as it is then.  A program that is about to have threads is made to keep
 * what it finds (guarded.c); for the others it is read at each exec, which
 * takes a hundredth of the exec's time.
 */
#include "config.h"

#include <elf.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "strategynames.h"

extern char **environ __attribute__((weak));
/* glibc's: true until its first pthread_create(), and where the kernel had put
   the arguments (argc first). */
extern char __libc_single_threaded __attribute__((weak));
extern long *__libc_stack_end __attribute__((weak));
extern unsigned long getauxval(unsigned long type) __attribute__((weak));

/* What was kept: these bits, and the strategy above them. */
enum {
	KEPT = 1,
	DISABLE = 2,
	DEBUG = 4,
	NO_INHERIT = 8,
	STRATEGY_SHIFT = 4,
};

static uint32_t kept;

/* CLONEXEC_DEBUG's value as it was then, if it is no longer than that. */
enum { KEPT_DEBUG_MAX = 256 };
static char kept_debug[KEPT_DEBUG_MAX];

char *const *config_environ(void)
{
	return &environ ? environ : NULL;
}

/* Variables that are still to be looked at, if their strings lie in between. */
struct variables {
	char *const *array; /* NULL: it can't be told */
	uintptr_t low, high;
};

static const char *next_string(struct variables *v)
{
	const char *s;

	while (v->array && (s = *v->array) != NULL) {
		v->array++;
		if ((uintptr_t)s > v->low && (uintptr_t)s < v->high)
			return s;
	}
	return NULL;
}

/*
 * The environment that the program was started with.  The array stays where it
 * is, but setenv(3) and putenv(3) write into it: a string that does not lie
 * where the kernel had put them all came later, and may be gone (with its
 * plugin, say).  They end with the name by which the program was opened.
 */
static struct variables first_variables(void)
{
	struct variables v = { NULL, 0, 0 };
	char *const *argv;
	long argc;

	if (!&__libc_stack_end || !__libc_stack_end || !getauxval)
		return v;
	argc = *__libc_stack_end;
	argv = (char *const *)(__libc_stack_end + 1);
	v.low = (uintptr_t)argv;
	v.high = getauxval(AT_EXECFN);
	/* (If ld.so was run as a program it has put argv[0] in its place.) */
	if (argc >= 0 && argc < INT_MAX && !argv[argc] && v.high > v.low &&
	    v.high != (uintptr_t)argv[0])
		v.array = argv + argc + 1;
	return v;
}

/* No title was written over it, and a daemon that is about to write one has not
   moved all strings away, in the kernel's own array (nginx does). */
static int is_intact(struct variables v)
{
	const char *c;
	int strings = 0;

	for (; (c = next_string(&v)) != NULL; strings++) {
		while (*c && *c != '=')
			c++;
		if (!*c)
			return 0;
	}
	return strings > 0;
}

/*
 * Where our variables are looked for.  Not in environ, if there is a choice:
 * execve(2) and thread creation do not read it, so another thread may be inside
 * setenv(3), or a string may be gone with the plugin that had put it there.
 */
static struct variables variables(void)
{
	const int threaded = &__libc_single_threaded && !__libc_single_threaded;
	const struct variables now = { config_environ(), 0, UINTPTR_MAX },
			       first = first_variables();

	return first.array && (threaded || is_intact(first)) ? first : now;
}

/* The value if the string is "name=value". */
static const char *value_of(const char *string, const char *name)
{
	while (*name && *string == *name) {
		string++;
		name++;
	}
	return !*name && *string == '=' ? string + 1 : NULL;
}

const char *config_variable(char *const *envp, const char *name)
{
	const char *value = NULL;

	for (; envp && *envp && !value; envp++)
		value = value_of(*envp, name);
	return value;
}

const char *config_users(const char *name)
{
	struct variables v = variables();
	const char *s, *value = NULL;

	while (!value && (s = next_string(&v)) != NULL)
		value = value_of(s, name);
	return value;
}

static int is_set(const char *value)
{
	return value && *value && !(value[0] == '0' && !value[1]);
}

static void read_strategy(const char *value, struct config *c)
{
	int strategy = strategy_of(value);

	if (strategy >= 0)
		c->strategy = (enum cx_strategy)strategy;
	else if (*value)
		c->unknown = value;
}

/*
 * The caller's variables must not steer a privileged program.  (Loaders
 * mostly ignore LD_PRELOAD there; /etc/ld.so.preload they do not.)
 */
static int is_secure(void)
{
	return !getauxval || getauxval(AT_SECURE);
}

/* One walk for all: this is on the way of every exec. */
static struct config read_environment(void)
{
	struct config c = { .strategy = CX_STRATEGY_DEFAULT };
	struct variables all = variables();
	const char *s, *v;

	if (is_secure())
		return c;
	while ((s = next_string(&all)) != NULL) {
		if (s[0] != 'C' || s[1] != 'L')
			continue;
		if ((v = value_of(s, "CLONEXEC_STRATEGY")) != NULL)
			read_strategy(v, &c);
		else if ((v = value_of(s, "CLONEXEC_DISABLE")) != NULL)
			c.disable = is_set(v);
		else if ((v = value_of(s, "CLONEXEC_DEBUG")) != NULL)
			c.debug = is_set(v);
		else if ((v = value_of(s, "CLONEXEC_NO_INHERIT")) != NULL)
			c.no_inherit = is_set(v);
	}
	return c;
}

struct config config_get(void)
{
	uint32_t bits = __atomic_load_n(&kept, __ATOMIC_RELAXED);
	struct config c = { 0 };

	if (!bits)
		return read_environment();
	c.strategy = (enum cx_strategy)(bits >> STRATEGY_SHIFT);
	c.disable = !!(bits & DISABLE);
	c.debug = !!(bits & DEBUG);
	c.no_inherit = !!(bits & NO_INHERIT);
	return c;
}

const char *config_debug(void)
{
	const char *value;

	if (kept_debug[0])
		return kept_debug;
	value = is_secure() ? NULL : config_users("CLONEXEC_DEBUG");
	return is_set(value) ? value : NULL;
}

static void keep_debug(void)
{
	const char *value = config_debug();
	size_t n = 0;

	while (value && n < KEPT_DEBUG_MAX && value[n])
		n++;
	/* What is first stays empty to the end, for a reader beside us. */
	if (n > 0 && n < KEPT_DEBUG_MAX)
		while (n-- > 0)
			kept_debug[n] = value[n];
}

void config_keep(void)
{
	struct config c;

	if (__atomic_load_n(&kept, __ATOMIC_RELAXED))
		return;
	/* Too early: the loader is still at work, and libc has none yet. */
	if (!config_environ())
		return;
	c = read_environment();
	if (c.debug)
		keep_debug();
	__atomic_store_n(&kept,
			 KEPT | (c.disable ? DISABLE : 0) |
				 (c.debug ? DEBUG : 0) |
				 (c.no_inherit ? NO_INHERIT : 0) |
				 (uint32_t)c.strategy << STRATEGY_SHIFT,
			 __ATOMIC_RELAXED);
}

int config_is_disabled(void)
{
	const struct variables first = first_variables();

	/* For good: a server changes its ids for each request, and some
	   platforms give a process thousands of variables. */
	if (!__atomic_load_n(&kept, __ATOMIC_RELAXED) && first.array &&
	    is_intact(first))
		config_keep();
	return !!(__atomic_load_n(&kept, __ATOMIC_RELAXED) & DISABLE);
}
