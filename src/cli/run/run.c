/* SPDX-License-Identifier: MIT */
/* clonexec run: start an unmodified program with the shim preloaded. */
#include "commands.h"
#include "inspect.h"
#include "shim.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As of env(1), nohup(1) and the shells; our own is COMMAND_FAILED. */
enum {
	RUN_NOT_COVERED = 1,	/* only with --check */
	RUN_NOT_EXECUTABLE = 126,
	RUN_NOT_FOUND = 127,
};

static const char usage[] =
	"Usage: clonexec run [OPTION]... -- PROGRAM [ARGUMENT]...\n"
	"Runs PROGRAM with exec made safe for threads, though nobody changed "
	"it.\n"
	"\n"
	"  --check          only say whether PROGRAM can be covered, and why\n"
	"  --strategy NAME  auto, unshare, helper or lock (default: what\n"
	"                   $CLONEXEC_STRATEGY says, or auto)\n"
	"  --no-inherit     leave the programs that PROGRAM execs alone\n"
	"  --debug[=FILE]   one line for every exec, how and why: on stderr or\n"
	"                   at the end of FILE\n"
	"  -q               no word when PROGRAM cannot be covered\n"
	"  -h, --help       this text\n"
	"\n"
	"Exit status: PROGRAM's own; 125 clonexec failed, 126 PROGRAM cannot "
	"be run,\n"
	"127 PROGRAM was not found.  With --check: 0 covered, 1 not covered.\n";

static const char limits[] =
	"limit: a library preloaded after the shim that wraps exec itself "
	"gets the call,\n       and then strategy helper is only lock\n";

struct options {
	int check;
	int no_inherit;
	int debug;
	const char *debug_file;	/* NULL: standard error */
	int quiet;
	int help;
	const char *strategy;
	char **program;		/* PROGRAM ARGUMENT... NULL */
};

static int is_strategy(const char *name)
{
	static const char *const names[] = {
		"auto", "unshare", "helper", "lock",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return 1;
	return 0;
}

static int complain(const char *what, const char *word)
{
	text_error("%s%s%s", what, word ? ": " : "", word ? word : "");
	return -1;
}

/*
 * "--" is not optional: so no name of a program can ever be taken for one of
 * ours, whatever options are to come.
 */
static int parse_options(int argc, char **argv, struct options *opt)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		const char *arg = argv[i];

		if (!strcmp(arg, "--check"))
			opt->check = 1;
		else if (!strcmp(arg, "--no-inherit"))
			opt->no_inherit = 1;
		else if (!strcmp(arg, "--debug"))
			opt->debug = 1;
		else if (!strncmp(arg, "--debug=", 8))
			opt->debug = 1, opt->debug_file = arg + 8;
		else if (!strcmp(arg, "-q") || !strcmp(arg, "--quiet"))
			opt->quiet = 1;
		else if (!strcmp(arg, "-h") || !strcmp(arg, "--help"))
			opt->help = 1;
		else if (!strcmp(arg, "--strategy") && i + 1 < argc)
			opt->strategy = argv[++i];
		else if (!strncmp(arg, "--strategy=", 11))
			opt->strategy = arg + 11;
		else if (arg[0] == '-')
			return complain("bad option", arg);
		else
			return complain("write -- before the program", arg);
	}
	if (opt->help)
		return 0;
	if (opt->strategy && !is_strategy(opt->strategy))
		return complain("no such strategy", opt->strategy);
	if (i + 1 >= argc)
		return complain("no program (clonexec run [OPTION]... -- "
				"PROGRAM [ARGUMENT]...)", NULL);
	opt->program = argv + i + 1;
	return 0;
}

static int verdict_status(enum inspect_verdict verdict)
{
	switch (verdict) {
	case INSPECT_COVERED:
		return 0;
	case INSPECT_NOT_EXECUTABLE:
		return RUN_NOT_EXECUTABLE;
	case INSPECT_NOT_FOUND:
		return RUN_NOT_FOUND;
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

static int check(const struct inspect *found)
{
	int status = verdict_status(found->verdict);

	if (status >= COMMAND_FAILED) {
		complain(found->path, found->reason);
		return status;
	}
	text_line("%s: %s: %s", verdict_text(found->verdict), found->path,
		  found->reason);
	if (status == 0)
		fputs(limits, stdout);
	return status;
}

/*
 * The shim writes only to what it is told (src/preload/debugfile.h): a file by
 * its whole path, or our standard error by what it is, since a program may
 * close that and use its number for something else.
 */
static int set_debug(const char *file)
{
	char value[PATH_MAX + 1];
	struct stat st;
	int fd, n;

	if (!file) {
		if (fstat(STDERR_FILENO, &st) != 0)
			return -1;
		snprintf(value, sizeof value, "%ju:%ju",
			 (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
		return setenv("CLONEXEC_DEBUG", value, 1);
	}
	/* Better here one message than none from every program. */
	fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY |
				O_NONBLOCK, 0600);
	if (fd < 0)
		return -1;
	close(fd);
	if (file[0] == '/')
		return setenv("CLONEXEC_DEBUG", file, 1);
	if (!getcwd(value, sizeof value))
		return -1;
	n = (int)strlen(value);
	if (snprintf(value + n, sizeof value - (size_t)n, "/%s", file) >=
	    (int)(sizeof value - (size_t)n)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return setenv("CLONEXEC_DEBUG", value, 1);
}

/* What the shim reads, see src/preload/config.c. */
static int set_environment(const struct options *opt, const char *shim,
			   const struct inspect *found)
{
	/* Who asks for protection gets it, whatever was switched off before. */
	if (unsetenv("CLONEXEC_DISABLE") != 0 ||
	    (opt->strategy &&
	     setenv("CLONEXEC_STRATEGY", opt->strategy, 1) != 0) ||
	    (opt->no_inherit && setenv("CLONEXEC_NO_INHERIT", "1", 1) != 0))
		return complain("environment", strerror(errno));
	if (opt->debug && set_debug(opt->debug_file) != 0)
		return complain(opt->debug_file ? opt->debug_file :
						  "standard error",
				strerror(errno));
	/*
	 * A foreign loader would print that it can't load it.  The others
	 * that are not covered keep it quietly, for what they start.
	 */
	if (found->verdict == INSPECT_FOREIGN)
		return 0;
	if (shim_prepend(shim) == 0)
		return 0;
	if (errno == EINVAL)
		return complain("LD_PRELOAD cannot hold a path with a blank "
				"or a colon", shim);
	return complain("environment", strerror(errno));
}

static int run(const struct options *opt, const char *shim,
	       const struct inspect *found)
{
	const char *prog = opt->program[0];
	int err;

	if (set_environment(opt, shim, found) != 0)
		return COMMAND_FAILED;
	if (verdict_status(found->verdict) == RUN_NOT_COVERED && !opt->quiet)
		text_error("%s: %s: %s", verdict_text(found->verdict),
			   found->path, found->reason);
	execvp(prog, opt->program);
	err = errno;
	if (verdict_status(found->verdict) >= COMMAND_FAILED)
		complain(found->path, found->reason);
	else
		complain(prog, strerror(err));
	return found->verdict == INSPECT_NOT_FOUND ? RUN_NOT_FOUND :
						     RUN_NOT_EXECUTABLE;
}

int cmd_run(int argc, char **argv)
{
	struct options opt = { 0 };
	struct inspect found;
	static struct shim shim;
	char why[PATH_MAX + 64];

	if (parse_options(argc, argv, &opt) != 0)
		return COMMAND_FAILED;
	if (opt.help) {
		fputs(usage, stdout);
		return COMMAND_OK;
	}
	if (shim_find(&shim, why, sizeof(why)) != 0) {
		complain(why, NULL);
		return COMMAND_FAILED;
	}
	inspect_program(opt.program[0], &shim, &found);
	return opt.check ? check(&found) : run(&opt, shim.path, &found);
}
