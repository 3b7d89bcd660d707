/* SPDX-License-Identifier: MIT */
/* clonexec doctor: who could lose on this machine, and what to do about it? */
#include "doctor.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "exitstatus.h"
#include "installed.h"
#include "option.h"
#include "shim.h"
#include "text.h"

enum { ILL = 1 };

/* (A line of the text is as long here as it is printed.) */
/* clang-format off */
static const char help[] =
"Usage: clonexec doctor [OPTION]...\n"
"One look at this machine, which changes nothing: does its kernel lose\n"
"privileges, can it be mended, which running processes could lose, and what\n"
"to do about each.  As root it sees every process.\n"
"\n"
"  --all        also the processes that are protected, or can lose nothing\n"
"  --json       as one JSON object\n"
"  -h, --help   this text\n"
"\n"
"Exit status: 0 nothing is to be done, 1 something is, 125 own failure.\n";
/* clang-format on */

enum { OPT_ALL = 256, OPT_JSON };

static const struct option options[] = {
	{ "all", no_argument, NULL, OPT_ALL },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

int doctor_is_ill(const struct doctor *d)
{
	return d->system.loses != SYSTEM_NO &&
	       d->processes.count[PROCESSES_OPEN] > 0;
}

static int look(struct doctor *d)
{
	struct shim shim;
	char why[256];
	int error = system_look(&d->system);

	if (!error) {
		/* (What is typed is the same, whether it is there yet.) */
		if (shim_find(&shim, why, sizeof(why)))
			snprintf(shim.path, sizeof(shim.path),
				 CLI_LIBDIR "/" INSTALLED_SHIM);
		error = processes_look(
			&d->processes,
			d->system.guard_on &&
				guardstate_is_for_all(&d->system.guard),
			shim.path);
	}
	if (error)
		text_error("doctor: %s", strerror(-error));
	return error;
}

int cmd_doctor(int argc, char **argv)
{
	static struct doctor d;
	int c, json = 0;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, "+:h", options, NULL)) != -1) {
		if (c == '?' || c == ':') {
			option_unknown("doctor", c, argv);
			return EXIT_OWN_FAILURE;
		}
		if (c == 'h') {
			fputs(help, stdout);
			return EXIT_SUCCESS;
		}
		if (c == OPT_ALL)
			d.all = 1;
		else
			json = 1;
	}
	if (optind < argc) {
		text_error("doctor: what is '%s'? see 'clonexec doctor --help'",
			   argv[optind]);
		return EXIT_OWN_FAILURE;
	}
	if (look(&d))
		return EXIT_OWN_FAILURE;
	if (json)
		doctor_json(&d);
	else
		doctor_text(&d);
	return doctor_is_ill(&d) ? ILL : EXIT_SUCCESS;
}
