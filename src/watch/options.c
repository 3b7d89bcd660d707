/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "option.h"
#include "text.h"

enum {
	DEFAULT_LIMIT = 10,
	MAX_LIMIT = 1000000,
	DEFAULT_BUFFER = 1024,
	MIN_BUFFER = 16, /* for a few events */
	MAX_BUFFER = 262144,
	MAX_DURATION = 31536000, /* a year */
};

/* (A line of the text is as long here as it is printed.) */
/* clang-format off */
static const char help[] =
"Usage: clonexec watch [OPTION]... [--exec -- PROGRAM [ARGUMENT]...]\n"
"Reports each exec on this machine whose set-user-ID, set-group-ID or\n"
"capabilities were lost because the file system context had more users than\n"
"the process has threads: mostly the race with a thread creation.\n"
"\n"
"  --exec -- PROG   run PROG, watch it and what it starts, end with it\n"
"  --pid PID        only this process and what it starts from now on\n"
"  --comm NAME      only execs by threads of this name (15 bytes at most)\n"
"  --eagain         also thread creations that an exec made fail with\n"
"                   EAGAIN; where the kernel allows no better hook this\n"
"                   looks at every system call of the machine\n"
"  --duration S     end after S seconds\n"
"  --count N        end after N losses\n"
"  --json           one JSON object a line\n"
"  --journal        the events go into the system's log (systemd's journal,\n"
"                   with fields of their own, or syslog)\n"
"  --metrics FILE   keep FILE as what node_exporter's textfile collector\n"
"                   reads: losses by file, kind, unit and container\n"
"  -o, --output FILE\n"
"                   the events go there, - is stdout; else they go to stdout,\n"
"                   and with --exec, where that is PROG's, to stderr\n"
"  --limit N        at most N events a second for each user and file, and\n"
"                   ten times as many at once (default 10; 0: no limit);\n"
"                   what is withheld is counted\n"
"  --buffer KIB     between kernel and us (default 1024, at least 16); what\n"
"                   does not fit is counted as dropped\n"
"  --hooks KIND     only this kind: tp_btf or raw_tp (to report a bug)\n"
"  -v, --verbose    what the kernel says of each hook that it refuses\n"
"  -q, --quiet      do not say that it watches, and by which hooks\n"
"  -h, --help       this text\n"
"\n"
"Needs CAP_BPF and CAP_PERFMON (or root) and Linux 5.8 with BTF.  SIGINT\n"
"and SIGTERM end it; the last line is a summary.\n"
"\n"
"Exit status: 0, or 125 own failure; with --exec PROG's own (128 and the\n"
"signal that killed it), 126 cannot be run, 127 not found.\n";
/* clang-format on */

void options_help(void)
{
	fputs(help, stdout);
}

enum {
	OPT_EXEC = 256,
	OPT_PID,
	OPT_COMM,
	OPT_EAGAIN,
	OPT_DURATION,
	OPT_COUNT,
	OPT_JSON,
	OPT_JOURNAL,
	OPT_METRICS,
	OPT_LIMIT,
	OPT_BUFFER,
	OPT_HOOKS,
};

static const struct option options[] = {
	{ "exec", no_argument, NULL, OPT_EXEC },
	{ "pid", required_argument, NULL, OPT_PID },
	{ "comm", required_argument, NULL, OPT_COMM },
	{ "eagain", no_argument, NULL, OPT_EAGAIN },
	{ "duration", required_argument, NULL, OPT_DURATION },
	{ "count", required_argument, NULL, OPT_COUNT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "journal", no_argument, NULL, OPT_JOURNAL },
	{ "metrics", required_argument, NULL, OPT_METRICS },
	{ "limit", required_argument, NULL, OPT_LIMIT },
	{ "buffer", required_argument, NULL, OPT_BUFFER },
	{ "hooks", required_argument, NULL, OPT_HOOKS },
	{ "output", required_argument, NULL, 'o' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int parse_value(int c, const char *text, struct options *o)
{
	switch (c) {
	case OPT_PID:
		return option_number("watch", "pid", text, 1, INT_MAX, &o->pid);
	case OPT_DURATION:
		return option_real("watch", "duration", text, 0.001,
				   MAX_DURATION, &o->duration);
	case OPT_COUNT:
		return option_number("watch", "count", text, 1, LONG_MAX,
				     &o->count);
	case OPT_LIMIT:
		return option_number("watch", "limit", text, 0, MAX_LIMIT,
				     &o->limit);
	case OPT_BUFFER:
		return option_number("watch", "buffer", text, MIN_BUFFER,
				     MAX_BUFFER, &o->buffer);
	case OPT_METRICS:
		/* It is replaced each minute, as stdout cannot be. */
		if (!strcmp(text, "-"))
			return option_bad_value("watch", "metrics", text);
		return option_file("watch", "metrics", text, &o->metrics);
	case 'o':
		return option_file("watch", "output", text, &o->output);
	case OPT_HOOKS:
		if (strcmp(text, "tp_btf") && strcmp(text, "raw_tp"))
			return option_bad_value("watch", "hooks", text);
		o->hooks = text;
		return 0;
	default:
		if (!*text || strlen(text) >= EVENT_COMM)
			return option_bad_value("watch", "comm", text);
		o->comm = text;
		return 0;
	}
}

/* "--" before the program, so that no name can be taken for an option. */
static int parse_program(int argc, char **argv, int exec, struct options *o)
{
	int parted = optind > 1 && !strcmp(argv[optind - 1], "--");

	if (optind < argc && (!exec || !parted)) {
		text_error("watch: what is '%s'? a program to run goes after "
			   "'--exec --'",
			   argv[optind]);
		return -1;
	}
	if (exec && optind == argc) {
		text_error("watch: no program (clonexec watch [OPTION]... "
			   "--exec -- PROGRAM [ARGUMENT]...)");
		return -1;
	}
	if (exec && o->pid) {
		text_error("watch: --exec and --pid exclude each other");
		return -1;
	}
	if (o->journal && (o->json || o->output)) {
		text_error("watch: --journal excludes --json and -o");
		return -1;
	}
	o->program = exec ? argv + optind : NULL;
	return 0;
}

int options_parse(int argc, char **argv, struct options *o)
{
	int c, exec = 0;

	memset(o, 0, sizeof(*o));
	o->limit = DEFAULT_LIMIT;
	o->buffer = DEFAULT_BUFFER;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:o:qvh", options, NULL)) != -1) {
		if (c == '?' || c == ':')
			return option_unknown("watch", c, argv);
		if (c == 'q')
			o->quiet = 1;
		else if (c == 'v')
			o->verbose = 1;
		else if (c == 'h')
			o->help = 1;
		else if (c == OPT_EXEC)
			exec = 1;
		else if (c == OPT_EAGAIN)
			o->eagain = 1;
		else if (c == OPT_JSON)
			o->json = 1;
		else if (c == OPT_JOURNAL)
			o->journal = 1;
		else if (parse_value(c, optarg, o))
			return -1;
	}
	return o->help ? 0 : parse_program(argc, argv, exec, o);
}
