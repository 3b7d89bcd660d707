/* SPDX-License-Identifier: MIT */
/*
 * The command lines of `clonexec run` and `clonexec probe`: what is taken is
 * in its bounds, and what is not says so in one message.
 */
#include "fuzz.h"

#include <getopt.h>
#include <stdarg.h>
#include <string.h>

#include "probe-options.h"

/* Its parser is its own. */
#include "../../src/cli/run/run.c"

static int messages;

/* Instead of text.c's: a fuzzer does not want to read them. */
void text_error(const char *format, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, format);
	fuzz_check(vsnprintf(text, sizeof text, format, ap) > 0);
	va_end(ap);
	messages++;
}

void text_line(const char *format, ...)
{
	(void)format;
}

/* What `run` does after its options is not for here. */
void inspect_program(const char *program, const struct shim *shim,
		     struct inspect *out)
{
	(void)program;
	(void)shim;
	(void)out;
}

void preloads_print_limits(void)
{
}

int shim_find(struct shim *s, char *why, size_t size)
{
	(void)s;
	(void)size;
	why[0] = '\0';
	return -1;
}

int auditor_find(const struct shim *s, char path[PATH_MAX], char *why,
		 size_t size)
{
	(void)s;
	(void)size;
	path[0] = why[0] = '\0';
	return -1;
}

int guardstate_covers_all(void)
{
	return 0;
}

int runenv_set(const struct runenv *c)
{
	(void)c;
	return -1;
}

static void try_run(int argc, char **argv)
{
	struct options o = { 0 };
	int r;

	optind = 0; /* glibc: begin at the beginning */
	r = parse_options(argc, argv, &o);

	fuzz_check(r == (messages ? -1 : 0) && messages <= 1);
	if (r != 0 || o.help)
		return;
	fuzz_check(!o.strategy || strategy_of(o.strategy) >= 0);
	/* Only -- may be before a program that looks like an option. */
	fuzz_check(o.program > argv && o.program < argv + argc && *o.program &&
		   (**o.program != '-' || !(*o.program)[1] ||
		    !strcmp(o.program[-1], "--")));
}

static void try_probe(int argc, char **argv)
{
	struct probe_options o;
	int r;

	optind = 0; /* glibc: begin at the beginning */
	r = probe_options_parse(argc, argv, &o);
	fuzz_check(r == (messages ? -1 : 0) && messages <= 1);
	if (r != 0)
		return;
	fuzz_check(o.targets && o.targets < 1u << TARGET_KINDS);
	fuzz_check(o.strategies && o.strategies < 1u << PROBE_STRATEGIES);
	fuzz_check(o.runs >= 0 && o.runs <= 1000000);
	fuzz_check(o.seconds >= 0.1 && o.seconds <= 86400);
	fuzz_check(o.until_ci >= 0 && o.until_ci <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char **argv, **moved;
	size_t argc;

	if (size == 0)
		return 0;
	argv = fuzz_strings(data + 1, size - 1, "clonexec", &argc);
	/* getopt changes their order. */
	moved = malloc((argc + 1) * sizeof *moved);
	fuzz_check(moved != NULL);
	memcpy(moved, argv, (argc + 1) * sizeof *moved);
	messages = 0;
	if (data[0] & 1)
		try_run((int)argc, moved);
	else
		try_probe((int)argc, moved);
	free(moved);
	fuzz_strings_free(argv);
	return 0;
}
