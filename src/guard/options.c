/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "option.h"
#include "text.h"

enum { DEFAULT_BOUND = 200, MIN_BOUND = 20, MAX_BOUND = 60000 };

/* (A line of the text is as long here as it is printed.) */
/* clang-format off */
static const char help[] =
"Usage: clonexec guard start [--mode MODE] [--strict] [--bound MS]\n"
"                            [--cgroup PATH] [--replace] [-v]\n"
"       clonexec guard stop\n"
"       clonexec guard status [--json]\n"
"       clonexec guard run [OPTION]... -- PROGRAM [ARGUMENT]...\n"
"Mends the race between exec and thread creation from outside, by programs in\n"
"the kernel (BPF LSM): for every program on this machine, static ones too.\n"
"\n"
"  start            for all, until stop or the next boot; tests itself first\n"
"  stop             takes it out of the kernel\n"
"  status           tests it again; mode, since when, and what it has met\n"
"  run              for PROGRAM and what it starts, and while it runs\n"
"\n"
"  --mode restart   an exec that would lose its privileges, and a creation\n"
"                   that would fail, is begun again (default; Linux 6.18)\n"
"  --mode deny      such an exec fails with EAGAIN; creations are counted\n"
"  --mode count     nothing is changed, both are counted\n"
"  --strict         where an exec cannot be begun again, or has been for too\n"
"                   long: EAGAIN, instead of what the kernel does by itself\n"
"  --bound MS       for how long an exec may be begun again (default 200; a\n"
"                   creation: a quarter of it)\n"
"  --cgroup PATH    only for this cgroup (version 2) and those below it\n"
"  --replace        if it is on, put this one in its place: first the new one\n"
"                   is there and tested, and then the old one goes\n"
"  --json           one JSON object\n"
"  -v, --verbose    what the kernel says of programs that it refuses\n"
"  -q, --quiet      no word on stdout or stderr when all went well\n"
"  -h, --help       this text\n"
"\n"
"Needs root, Linux 6.1 with bpf in its LSM list, and for start a bpf file\n"
"system on /sys/fs/bpf.\n"
"\n"
"Exit status: 0; 1 status: it is off; 125 own failure, or it does not work.\n"
"run: PROGRAM's own (128 and the signal that killed it), 126 cannot be run,\n"
"127 not found.\n";
/* clang-format on */

static const char *const modes[] = { "restart", "deny", "count" };
static const char *const commands[COMMANDS] = { "start", "stop", "status",
						"run" };

const char *options_mode_name(unsigned int mode)
{
	return mode <= GUARD_COUNT ? modes[mode] : "unknown";
}

void options_help(void)
{
	fputs(help, stdout);
}

enum {
	OPT_MODE = 256,
	OPT_STRICT,
	OPT_BOUND,
	OPT_CGROUP,
	OPT_REPLACE,
	OPT_JSON,
};

static const struct option options[] = {
	{ "mode", required_argument, NULL, OPT_MODE },
	{ "strict", no_argument, NULL, OPT_STRICT },
	{ "bound", required_argument, NULL, OPT_BOUND },
	{ "cgroup", required_argument, NULL, OPT_CGROUP },
	{ "replace", no_argument, NULL, OPT_REPLACE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int parse_mode(const char *text, struct options *o)
{
	unsigned int i;

	for (i = 0; i <= GUARD_COUNT; i++) {
		if (strcmp(text, modes[i]))
			continue;
		o->mode = (enum guard_mode)i;
		return 0;
	}
	return option_bad_value("guard", "mode", text);
}

/* Which commands an option belongs to. */
static int belongs(int c, enum options_command command)
{
	switch (c) {
	case OPT_MODE:
	case OPT_STRICT:
	case OPT_BOUND:
	case 'v':
		return command == COMMAND_START || command == COMMAND_RUN;
	case OPT_CGROUP:
	case OPT_REPLACE:
		return command == COMMAND_START;
	case OPT_JSON:
		return command == COMMAND_STATUS;
	default:
		return 1;
	}
}

static int misplaced(int c, enum options_command command)
{
	const struct option *o = options;

	while (o->val != c)
		o++;
	text_error("guard: %s has no option --%s; see 'clonexec guard --help'",
		   commands[command], o->name);
	return -1;
}

static int parse_option(int c, struct options *o)
{
	if (!belongs(c, o->command))
		return misplaced(c, o->command);
	switch (c) {
	case OPT_MODE:
		return parse_mode(optarg, o);
	case OPT_BOUND:
		return option_number("guard", "bound", optarg, MIN_BOUND,
				     MAX_BOUND, &o->bound_ms);
	case OPT_STRICT:
		o->strict = 1;
		break;
	case OPT_CGROUP:
		return option_file("guard", "cgroup", optarg, &o->cgroup);
	case OPT_REPLACE:
		o->replace = 1;
		break;
	case OPT_JSON:
		o->json = 1;
		break;
	case 'q':
		o->quiet = 1;
		break;
	case 'v':
		o->verbose = 1;
		break;
	default:
		o->help = 1;
	}
	return 0;
}

static int parse_command(int argc, char **argv, struct options *o)
{
	unsigned int i;

	if (argc < 2) {
		text_error("guard: start, stop, status or run? see "
			   "'clonexec guard --help'");
		return -1;
	}
	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(argv[1], commands[i])) {
			o->command = (enum options_command)i;
			return 0;
		}
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help")) {
		o->help = 1;
		return 0;
	}
	text_error("guard: what is '%s'? start, stop, status or run; see "
		   "'clonexec guard --help'",
		   argv[1]);
	return -1;
}

/* "--" before the program, so that no name can be taken for an option. */
static int parse_rest(int argc, char **argv, struct options *o)
{
	int parted = optind > 1 && !strcmp(argv[optind - 1], "--");

	/* (Whether one counts cannot be seen beside one that protects.) */
	if (o->mode == GUARD_COUNT && (o->strict || o->replace)) {
		text_error("guard: --%s and --mode count exclude each other",
			   o->strict ? "strict" : "replace");
		return -1;
	}
	if (o->command != COMMAND_RUN && optind == argc)
		return 0;
	if (o->command != COMMAND_RUN || (optind < argc && !parted)) {
		text_error("guard: what is '%s'?%s", argv[optind],
			   o->command == COMMAND_RUN ?
				   " a program to run goes after '--'" :
				   " see 'clonexec guard --help'");
		return -1;
	}
	if (optind == argc) {
		text_error("guard: no program (clonexec guard run "
			   "[OPTION]... -- PROGRAM [ARGUMENT]...)");
		return -1;
	}
	o->program = argv + optind;
	return 0;
}

int options_parse(int argc, char **argv, struct options *o)
{
	int c;

	memset(o, 0, sizeof(*o));
	o->bound_ms = DEFAULT_BOUND;
	if (parse_command(argc, argv, o))
		return -1;
	if (o->help)
		return 0;
	argc--;
	argv++;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:qvh", options, NULL)) != -1) {
		if (c == '?' || c == ':')
			return option_unknown("guard", c, argv);
		if (parse_option(c, o))
			return -1;
	}
	return o->help ? 0 : parse_rest(argc, argv, o);
}
