/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <clonexec.h>

#include "commands.h"
#include "exitstatus.h"
#include "text.h"

static int cmd_help(int argc, char **argv);
static int cmd_version(int argc, char **argv);

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary; /* NULL: not in the list */
} commands[] = {
	{ "run", cmd_run, "run a program, protected, without changing it" },
	{ "probe", cmd_probe, "show what this machine does to privileges" },
	{ "watch", cmd_watch,
	  "report execs on this machine that lose privileges" },
	{ "doctor", cmd_doctor,
	  "who could lose on this machine, and what to do" },
	{ "guard", cmd_guard, "mend the race for every program, by BPF LSM" },
	{ "help", cmd_help, "this text, or the help of a command" },
	{ "--help", cmd_help, NULL },
	{ "-h", cmd_help, NULL },
	{ "version", cmd_version, "the version" },
	{ "--version", cmd_version, NULL },
	{ "-V", cmd_version, NULL },
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static const struct command *find(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int unknown(const char *name)
{
	text_error("unknown command '%s'; see 'clonexec help'", name);
	return EXIT_OWN_FAILURE;
}

static void print_help(void)
{
	size_t i;

	printf("Usage: clonexec COMMAND [OPTION]...\n"
	       "exec made safe for threaded programs on Linux\n\n");
	for (i = 0; i < COMMANDS; i++)
		if (commands[i].summary)
			printf("  %-10s %s\n", commands[i].name,
			       commands[i].summary);
	printf("\n'clonexec COMMAND --help' tells more.\n");
}

static int cmd_help(int argc, char **argv)
{
	static char option[] = "--help";
	const struct command *c;
	char *args[3];

	if (argc < 2) {
		print_help();
		return EXIT_SUCCESS;
	}
	c = find(argv[1]);
	if (!c)
		return unknown(argv[1]);
	if (c->run == cmd_help || c->run == cmd_version) {
		print_help();
		return EXIT_SUCCESS;
	}
	args[0] = argv[1];
	args[1] = option;
	args[2] = NULL;
	return c->run(2, args);
}

static int cmd_version(int argc, char **argv)
{
	printf("clonexec " CX_VERSION "\n");
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const struct command *c;
	int status;

	if (argc < 2) {
		text_error("which command? see 'clonexec help'");
		return EXIT_OWN_FAILURE;
	}
	c = find(argv[1]);
	if (!c)
		return unknown(argv[1]);
	status = c->run(argc - 1, argv + 1);
	return text_flush("stdout") ? EXIT_OWN_FAILURE : status;
}
