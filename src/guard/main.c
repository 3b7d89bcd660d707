/* SPDX-License-Identifier: MIT */
/*
 * clonexec-guard: closes the race for every program, by BPF LSM.  A program of
 * its own, started by `clonexec guard`, so that the command needs no libbpf.
 */
#include <bpf/libbpf.h>
#include <stdio.h>

#include "commands.h"
#include "exitstatus.h"
#include "options.h"
#include "rights.h"
#include "text.h"

static int keep_silent(enum libbpf_print_level level, const char *format,
		       va_list args)
{
	return 0;
}

static int run(const struct options *o)
{
	/* (A program that is started has all of them.) */
	if (o->command != COMMAND_RUN)
		rights_keep_for_test();
	switch (o->command) {
	case COMMAND_START:
		return start_command(o);
	case COMMAND_STOP:
		return stop_command(o);
	case COMMAND_STATUS:
		return status_command(o);
	default:
		return run_command(o);
	}
}

int main(int argc, char **argv)
{
	struct options o;
	int status = 0;

	if (options_parse(argc, argv, &o))
		return EXIT_OWN_FAILURE;
	if (!o.verbose)
		libbpf_set_print(keep_silent);
	if (o.help)
		options_help();
	else
		status = run(&o);
	return text_flush("stdout") ? EXIT_OWN_FAILURE : status;
}
