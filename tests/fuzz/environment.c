/* SPDX-License-Identifier: MIT */
/*
 * The environment as the shim reads it, and as it passes it on without
 * itself, each beside a plain reference.
 */
#include "fuzz.h"

#include <string.h>
#include <unistd.h>

#include "childenv.h"
#include "next.h"

/* With its statics, to forget what was kept; and with our word for whether
   this is a set-id program, and what it was started with. */
#define getauxval say_whether_secure
#define __libc_stack_end say_what_it_began_with
#define __libc_single_threaded say_whether_single
#include "../../src/preload/config.c"

static unsigned long secure;
static const char *name_of_program;

unsigned long say_whether_secure(unsigned long type)
{
	if (type == AT_EXECFN)
		return (unsigned long)name_of_program;
	return type == AT_SECURE ? secure : 0;
}

/* As the kernel lays it out: argc, no arguments, the environment, its strings
   and the program's name. */
long *say_what_it_began_with;

/* (The fuzzer has a thread of its own.) */
char say_whether_single = 1;

/* What libc has put in the place of the string `gone` can't be read. */
static void lay_out(char **envp, size_t gone)
{
	size_t n, size = 0;
	char **array, *at;

	for (n = 0; envp[n]; n++)
		size += strlen(envp[n]) + 1;
	say_what_it_began_with = calloc(1, (n + 3) * sizeof(long) + size + 1);
	fuzz_check(say_what_it_began_with != NULL);
	array = (char **)(say_what_it_began_with + 2);
	at = (char *)(array + n + 1);
	for (n = 0; envp[n]; n++) {
		array[n] = n == gone ? (char *)8 : strcpy(at, envp[n]);
		at += strlen(envp[n]) + 1;
	}
	name_of_program = at;
}

static const char own_path[] = "/opt/own.so";

const char *next_own_path(void)
{
	return own_path;
}

/* ---- Reading ---- */

/* The last of a name counts; libc's and the kernel's order is the same. */
static const char *last(char **envp, const char *name)
{
	const char *value = NULL;
	size_t n = strlen(name);

	for (; *envp; envp++)
		if (!strncmp(*envp, name, n) && (*envp)[n] == '=')
			value = *envp + n + 1;
	return value;
}

static int on(char **envp, const char *name)
{
	const char *value = last(envp, name);

	return value && strcmp(value, "") != 0 && strcmp(value, "0") != 0;
}

static int known(const char *value)
{
	return !strcmp(value, "auto") || !strcmp(value, "unshare") ||
	       !strcmp(value, "helper") || !strcmp(value, "lock");
}

static enum cx_strategy named(char **envp)
{
	enum cx_strategy s = CX_STRATEGY_DEFAULT;
	size_t n = sizeof("CLONEXEC_STRATEGY=") - 1;

	for (; *envp; envp++)
		if (!strncmp(*envp, "CLONEXEC_STRATEGY=", n) &&
		    known(*envp + n))
			s = (*envp)[n] == 'a' ? CX_AUTO :
			    (*envp)[n] == 'u' ? CX_UNSHARE :
			    (*envp)[n] == 'h' ? CX_HELPER :
						CX_LOCK;
	return s;
}

static void expect(char **envp, const struct config *c)
{
	fuzz_check(c->disable == on(envp, "CLONEXEC_DISABLE"));
	fuzz_check(c->debug == on(envp, "CLONEXEC_DEBUG"));
	fuzz_check(c->no_inherit == on(envp, "CLONEXEC_NO_INHERIT"));
	fuzz_check(c->strategy == named(envp));
	fuzz_check(!c->unknown || (*c->unknown && !known(c->unknown)));
}

static void read_all(char **envp)
{
	char **real = environ;
	struct config c;

	kept = 0;
	environ = envp;
	c = config_get();
	expect(envp, &c);
	config_keep();
	c = config_get();
	expect(envp, &c);
	fuzz_check(!c.unknown);
	/* Kept is kept. */
	environ = NULL;
	c = config_get();
	expect(envp, &c);
	environ = real;
}

/* It was started with these, and has others now; or they were written over, or
   none is left, which is not asked where there are threads. */
static void read_first(char **envp, size_t gone, int single)
{
	char *others[] = { (char *)"CLONEXEC_DISABLE=1", NULL };
	char *nothing = (char *)"=", *was = envp[gone], **real = environ;
	struct config c;
	int intact = 1;
	size_t i, left = 0;

	kept = 0;
	lay_out(envp, gone);
	if (was)
		envp[gone] = nothing;
	for (i = 0; envp[i]; i++) {
		intact &= strchr(envp[i], '=') != NULL;
		left += i != gone;
	}
	intact &= left > 0;
	say_whether_single = (char)single;
	environ = others;
	c = config_get();
	expect(intact || !single ? envp : others, &c);
	fuzz_check(config_is_disabled() == (intact && c.disable));
	say_whether_single = 1;
	envp[gone] = was;
	environ = real;
	free(say_what_it_began_with);
	say_what_it_began_with = NULL;
}

/* There the caller's variables say nothing. */
static void read_securely(char **envp)
{
	char **real = environ;
	struct config c;

	kept = 0;
	secure = 1;
	environ = envp;
	c = config_get();
	fuzz_check(c.strategy == CX_STRATEGY_DEFAULT && !c.unknown &&
		   !c.disable && !c.debug && !c.no_inherit);
	environ = real;
	secure = 0;
}

/* ---- Passing on ---- */

static int is_ours(const char *word)
{
	const char *base = strrchr(word, '/');

	return !strcmp(word, own_path) ||
	       !strcmp(base ? base + 1 : word, "libclonexec-preload.so");
}

/* LD_PRELOAD without us; "" if nothing is left. */
static void reference(char *list, char *out)
{
	char *save = NULL, *word;

	*out = '\0';
	for (word = strtok_r(list, ": \t\n\v\f\r", &save); word;
	     word = strtok_r(NULL, ": \t\n\v\f\r", &save)) {
		if (is_ours(word))
			continue;
		if (*out)
			strcat(out, ":");
		strcat(out, word);
	}
}

static int begins(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

static void compare(char **envp, char **passed)
{
	for (; *envp; envp++) {
		char *want = malloc(strlen(*envp) + 2);
		char *list = strdup(*envp);

		if (begins(list, "LD_PRELOAD=")) {
			strcpy(want, "LD_PRELOAD=");
			reference(list + 11, want + 11);
			if (want[11])
				fuzz_check(*passed && !strcmp(*passed++, want));
		} else if (!begins(list, "CLONEXEC_NO_INHERIT=")) {
			fuzz_check(*passed++ == *envp);
		}
		free(list);
		free(want);
	}
	fuzz_check(!*passed);
}

/* Room as measured and not a byte more. */
static void pass_on(char **envp, struct childenv room, int same)
{
	char **array = malloc(room.entries * sizeof *array);
	char *text = malloc(room.bytes ? room.bytes : 1);

	childenv_fill(envp, room, array, text);
	if (same) {
		compare(envp, array);
		fuzz_check(childenv_measure(array).entries == 0);
	}
	free(array);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct childenv room;
	char **envp, *cut;
	size_t n;

	envp = fuzz_strings(data, size, NULL, &n);
	read_all(envp);
	read_first(envp, n, 1);
	read_first(envp, n, 0);
	read_first(envp, n / 2, 1);
	read_securely(envp);
	room = childenv_measure(envp);
	if (room.entries)
		pass_on(envp, room, 1);
	/* It grew after it was measured. */
	if (n > 1) {
		cut = envp[n / 2];
		envp[n / 2] = NULL;
		room = childenv_measure(envp);
		envp[n / 2] = cut;
		if (room.entries)
			pass_on(envp, room, 0);
	}
	fuzz_strings_free(envp);
	return 0;
}
