/* SPDX-License-Identifier: MIT */
#include "probe-options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option.h"
#include "text.h"

enum {
	DEFAULT_RUNS = 1000,
	DEFAULT_SECONDS = 20,
	/* The bound when --runs or --until-ci asks for more than 20 s. */
	ASKED_SECONDS = 600,
	MAX_RUNS = 1000000,
	MAX_SECONDS = 86400,
};

/* (A line of the text is as long here as it is printed.) */
/* clang-format off */
static const char help[] =
"Usage: clonexec probe [OPTION]...\n"
"Shows whether exec loses privileges on this machine while threads are\n"
"created, and what clonexec does about it: first an exec that stands still\n"
"and the race frozen, which need no luck (the second: root, Linux 6.9), then\n"
"rates with 95 % intervals (Wilson).  ^C ends it with what is known so far.\n"
"\n"
"  --target LIST    of setuid, setgid, filecaps (these as root), userns,\n"
"                   all (default)\n"
"  --strategy LIST  of none (plain execve), auto, unshare, helper, lock,\n"
"                   all (default)\n"
"  --runs N         runs of each target under each strategy (default 1000;\n"
"                   0: only the frozen race)\n"
"  --until-ci W     go on until every interval is narrower than W percent\n"
"                   points\n"
"  --seconds S      for everything (default 20; with --runs or --until-ci\n"
"                   600), 0.1 or more; given alone, all of it is used\n"
"  --json           the result as one JSON object\n"
"  --timeline[=FILE.svg]\n"
"                   draw one race: on stdout, or into a file; without --runs,\n"
"                   --seconds, --until-ci or --html no rates are taken\n"
"  --html FILE      the result as one page, with bars and the timeline; for\n"
"                   both files - is stdout, instead of the text\n"
"  -q, --quiet      the verdict only, no progress\n"
"  -v, --verbose    what the programs said, and how long an exec took\n"
"  -h, --help       this text\n"
"\n"
"Threads are created by pthread_create; for 'lock', which protects only\n"
"from guarded creators, by cx_pthread_create; one that failed with EAGAIN is\n"
"tried again after 0.1 ms, and counted again.  As root the race is run as an\n"
"unprivileged user; its set-id programs are files without a name in $TMPDIR,\n"
"/var/tmp or /tmp.\n"
"\n"
"Exit status: 0 nothing lost under clonexec (so on a fixed kernel, too),\n"
"1 privileges lost or EAGAIN seen under clonexec, 77 no target could be\n"
"tested, the machine was too busy, or nothing could be drawn into FILE.svg,\n"
"125 own failure.  After ^C it dies by that signal (130 in a shell).\n";
/* clang-format on */

void probe_options_help(void)
{
	fputs(help, stdout);
}

/* ---- Values ----------------------------------------------------------- */

static const char *target_word(int i)
{
	return target_name((enum target_kind)i);
}

static const char *strategy_word(int i)
{
	return probe_strategy_name((enum probe_strategy)i);
}

/* The bit of one word of a list, every bit for "all", 0 for a wrong one. */
static unsigned int word_bits(const char *word, size_t length,
			      const char *(*name)(int), int count)
{
	int i;

	if (length == 3 && strncmp(word, "all", 3) == 0)
		return (1u << count) - 1;
	for (i = 0; i < count; i++)
		if (strlen(name(i)) == length &&
		    strncmp(word, name(i), length) == 0)
			return 1u << i;
	return 0;
}

static int parse_list(const char *option, const char *text,
		      const char *(*name)(int), int count, unsigned int *bits)
{
	const char *p = text;

	*bits = 0;
	for (;;) {
		size_t length = strcspn(p, ",");
		unsigned int found = word_bits(p, length, name, count);

		if (!found)
			return option_bad_value("probe", option, text);
		*bits |= found;
		if (!p[length])
			return 0;
		p += length + 1;
	}
}

/* ---- The command line ------------------------------------------------- */

enum {
	OPT_RUNS = 256,
	OPT_UNTIL_CI,
	OPT_TARGET,
	OPT_STRATEGY,
	OPT_SECONDS,
	OPT_JSON,
	OPT_TIMELINE,
	OPT_HTML,
};

static const struct option options[] = {
	{ "runs", required_argument, NULL, OPT_RUNS },
	{ "until-ci", required_argument, NULL, OPT_UNTIL_CI },
	{ "target", required_argument, NULL, OPT_TARGET },
	{ "strategy", required_argument, NULL, OPT_STRATEGY },
	{ "seconds", required_argument, NULL, OPT_SECONDS },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "timeline", optional_argument, NULL, OPT_TIMELINE },
	{ "html", required_argument, NULL, OPT_HTML },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int parse_value(int c, const char *text, struct probe_options *o)
{
	switch (c) {
	case OPT_RUNS:
		return option_number("probe", "runs", text, 0, MAX_RUNS,
				     &o->runs);
	case OPT_UNTIL_CI:
		if (option_real("probe", "until-ci", text, 0.001, 100,
				&o->until_ci))
			return -1;
		o->until_ci /= 100;
		return 0;
	case OPT_TARGET:
		return parse_list("target", text, target_word, TARGET_KINDS,
				  &o->targets);
	case OPT_STRATEGY:
		return parse_list("strategy", text, strategy_word,
				  PROBE_STRATEGIES, &o->strategies);
	default:
		return option_real("probe", "seconds", text, 0.1, MAX_SECONDS,
				   &o->seconds);
	}
}

static void set_defaults(struct probe_options *o)
{
	int open_end = o->until_ci > 0 || o->seconds > 0;

	if (o->timeline && !open_end && !o->html_file && o->runs < 0)
		o->runs = 0;
	o->use_all = o->seconds > 0 && o->runs < 0 && o->until_ci <= 0;
	if (o->seconds <= 0)
		o->seconds = o->runs >= 0 || o->until_ci > 0 ? ASKED_SECONDS :
							       DEFAULT_SECONDS;
	if (o->runs < 0)
		o->runs = open_end ? MAX_RUNS : DEFAULT_RUNS;
}

/* The timeline has a file only if it is given one. */
static int set_file(int c, const char *name, struct probe_options *o)
{
	if (c == OPT_HTML)
		return option_file("probe", "html", name, &o->html_file);
	o->timeline = 1;
	return name ? option_file("probe", "timeline", name,
				  &o->timeline_file) :
		      0;
}

/* Each of them has all of it. */
static int count_stdout(const struct probe_options *o)
{
	return o->json + (o->html_file && !strcmp(o->html_file, "-")) +
	       (o->timeline_file && !strcmp(o->timeline_file, "-"));
}

int probe_options_parse(int argc, char **argv, struct probe_options *o)
{
	int c;

	memset(o, 0, sizeof(*o));
	o->runs = -1;
	o->targets = (1u << TARGET_KINDS) - 1;
	o->strategies = (1u << PROBE_STRATEGIES) - 1;
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":qvh", options, NULL)) != -1) {
		if (c == '?' || c == ':')
			return option_unknown("probe", c, argv);
		if (c == 'q')
			o->quiet = 1;
		else if (c == 'v')
			o->verbose = 1;
		else if (c == 'h')
			o->help = 1;
		else if (c == OPT_JSON)
			o->json = 1;
		else if (c == OPT_TIMELINE || c == OPT_HTML ?
				 set_file(c, optarg, o) :
				 parse_value(c, optarg, o))
			return -1;
	}
	if (optind < argc) {
		text_error("probe: what is '%s'? see 'clonexec probe --help'",
			   argv[optind]);
		return -1;
	}
	if (count_stdout(o) > 1) {
		text_error("probe: only one of --json, --html - and "
			   "--timeline=- can have stdout");
		return -1;
	}
	set_defaults(o);
	return 0;
}
