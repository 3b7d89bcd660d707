/* SPDX-License-Identifier: MIT */
/* clonexec run: start an unmodified program with the shim preloaded. */
#include "commands.h"
#include "auditor.h"
#include "exitstatus.h"
#include "guardstate.h"
#include "runenv.h"
#include "inspect.h"
#include "preloads.h"
#include "shim.h"
#include "option.h"
#include "strategynames.h"
#include "text.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Only with --check. */
enum { RUN_NOT_COVERED = 1 };

static const char usage[] =
	"Usage: clonexec run [OPTION]... [--] PROGRAM [ARGUMENT]...\n"
	"Runs PROGRAM with exec made safe for threads, though nobody changed "
	"it.\n"
	"\n"
	"  --check          only say whether PROGRAM can be covered, and why\n"
	"  --audit          also execs that bind past a preload (glibc; some\n"
	"                   milliseconds for each program)\n"
	"  --strategy NAME  auto, unshare, helper or lock (default: what\n"
	"                   $CLONEXEC_STRATEGY says, or auto)\n"
	"  --no-inherit     leave the programs that PROGRAM execs alone\n"
	"  --debug[=FILE]   one line for every exec, how and why: on stderr\n"
	"                   or at the end of FILE\n"
	"  -q, --quiet      do not warn if PROGRAM cannot be covered\n"
	"  -h, --help       this text\n"
	"\n"
	"Exit status: PROGRAM's own; 125 clonexec failed, 126 PROGRAM cannot "
	"be run,\n"
	"127 PROGRAM was not found.  With --check: 0 covered, 1 not covered,\n"
	"125 to 127 as without.\n";

struct options {
	int check;
	int audit;
	int no_inherit;
	int debug;
	const char *debug_file; /* NULL: standard error */
	int quiet;
	int help;
	const char *strategy;
	char **program; /* PROGRAM ARGUMENT... NULL */
};

static int complain(const char *what, const char *word)
{
	/* (A line that begins with a colon names nothing.) */
	text_error("%s%s%s", *what ? what : "''", word ? ": " : "",
		   word ? word : "");
	return -1;
}

/* The first word that is no option is the program, and what follows is its. */
static int parse_options(int argc, char **argv, struct options *opt)
{
	enum { CHECK = 256, AUDIT, NO_INHERIT, DEBUG, STRATEGY };
	static const struct option options[] = {
		{ "check", no_argument, NULL, CHECK },
		{ "audit", no_argument, NULL, AUDIT },
		{ "no-inherit", no_argument, NULL, NO_INHERIT },
		{ "debug", optional_argument, NULL, DEBUG },
		{ "strategy", required_argument, NULL, STRATEGY },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "+:qh", options, NULL)) != -1) {
		switch (c) {
		case CHECK:
			opt->check = 1;
			break;
		case AUDIT:
			opt->audit = 1;
			break;
		case NO_INHERIT:
			opt->no_inherit = 1;
			break;
		case DEBUG:
			opt->debug = 1;
			opt->debug_file = NULL;
			if (optarg && option_file("run", "debug", optarg,
						  &opt->debug_file))
				return -1;
			break;
		case STRATEGY:
			opt->strategy = optarg;
			break;
		case 'q':
			opt->quiet = 1;
			break;
		case 'h':
			opt->help = 1;
			return 0;
		default:
			option_unknown("run", c, argv);
			return -1;
		}
	}
	if (opt->strategy && strategy_of(opt->strategy) < 0) {
		option_bad_value("run", "strategy", opt->strategy);
		return -1;
	}
	if (optind >= argc)
		return complain("run: no program; see 'clonexec run --help'",
				NULL);
	opt->program = argv + optind;
	return 0;
}

static int verdict_status(enum inspect_verdict verdict)
{
	switch (verdict) {
	case INSPECT_COVERED:
		return 0;
	case INSPECT_NOT_EXECUTABLE:
		return EXIT_NOT_EXECUTABLE;
	case INSPECT_NOT_FOUND:
		return EXIT_NOT_FOUND;
	default:
		return RUN_NOT_COVERED;
	}
}

static const char *verdict_text(enum inspect_verdict verdict)
{
	switch (verdict) {
	case INSPECT_COVERED:
		return "covered";
	case INSPECT_UNREADABLE:
		return "perhaps not covered";
	default:
		return "not covered";
	}
}

/* What the verdict does not see, where it may apply. */
static void print_limits(const struct options *opt, const struct inspect *found)
{
	if (found->may_load && found->libc == ELFFILE_GLIBC && !opt->audit)
		puts("limit: what it loads with RTLD_DEEPBIND or dlmopen, or "
		     "looks up in libc's own handle, is covered with --audit "
		     "only");
	if (found->is_env && (found->has_argument || opt->program[1]))
		puts("limit: what env starts was not looked at, nor whether it "
		     "takes LD_PRELOAD away");
	if (found->may_load && found->libc == ELFFILE_MUSL && opt->audit)
		puts("limit: musl has no auditors: --audit does nothing");
	preloads_print_limits();
}

static int check(const struct options *opt, const struct inspect *found)
{
	int status = verdict_status(found->verdict);

	if (status >= EXIT_OWN_FAILURE) {
		complain(found->path, found->reason);
		return status;
	}
	if (status == RUN_NOT_COVERED && guardstate_covers_all()) {
		text_line("covered by the guard: %s: %s", found->path,
			  found->reason);
		return 0;
	}
	text_line("%s: %s: %s", verdict_text(found->verdict), found->path,
		  found->reason);
	if (status == 0)
		print_limits(opt, found);
	return status;
}

/*
 * A foreign loader would print that it can't load the shim.  The others that
 * are not covered keep it quietly, for what they start.
 */
static int set_environment(const struct options *opt, const struct shim *shim,
			   const struct inspect *found)
{
	char auditor[PATH_MAX], why[PATH_MAX + 64];
	struct runenv c = {
		.strategy = opt->strategy,
		.no_inherit = opt->no_inherit,
		.debug = opt->debug,
		.debug_file = opt->debug_file,
		.shim = found->verdict == INSPECT_FOREIGN ? NULL : shim->path,
	};

	if (opt->audit) {
		if (auditor_find(shim, auditor, why, sizeof why) != 0)
			return complain(why, NULL);
		c.auditor = auditor;
	}
	return runenv_set(&c);
}

static int run_program(const struct options *opt, const struct shim *shim,
		       const struct inspect *found)
{
	const char *prog = opt->program[0];
	int err;

	if (set_environment(opt, shim, found) != 0)
		return EXIT_OWN_FAILURE;
	if (verdict_status(found->verdict) == RUN_NOT_COVERED && !opt->quiet &&
	    !guardstate_covers_all())
		text_error("%s: %s: %s", verdict_text(found->verdict),
			   found->path, found->reason);
	execvp(prog, opt->program);
	err = errno;
	if (verdict_status(found->verdict) >= EXIT_OWN_FAILURE)
		complain(found->path, found->reason);
	else
		complain(prog, strerror(err));
	return found->verdict == INSPECT_NOT_FOUND ? EXIT_NOT_FOUND :
						     EXIT_NOT_EXECUTABLE;
}

int cmd_run(int argc, char **argv)
{
	struct options opt = { 0 };
	struct inspect found;
	static struct shim shim;
	char why[PATH_MAX + 64];

	if (parse_options(argc, argv, &opt) != 0)
		return EXIT_OWN_FAILURE;
	if (opt.help) {
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	}
	if (shim_find(&shim, why, sizeof(why)) != 0) {
		complain(why, NULL);
		return EXIT_OWN_FAILURE;
	}
	inspect_program(opt.program[0], &shim, &found);
	return opt.check ? check(&opt, &found) :
			   run_program(&opt, &shim, &found);
}
