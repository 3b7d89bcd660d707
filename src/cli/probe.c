/* SPDX-License-Identifier: MIT */
/* clonexec probe: is this machine affected, and does clonexec help? */
#include "probe.h"

#include <string.h>

#include "commands.h"
#include "probe-options.h"
#include "text.h"

enum { LOSSES_SEEN = 1 };

static int judge(const struct probe *p)
{
	struct probe_sum plain, under;

	probe_add_up(p, 0, &plain);
	probe_add_up(p, 1, &under);
	if (!plain.tested && !under.tested)
		return COMMAND_SKIPPED;
	if (under.lost || under.frozen_lost || under.eagain)
		return LOSSES_SEEN;
	if (plain.broken || under.broken)
		return COMMAND_FAILED;
	return COMMAND_OK;
}

int cmd_probe(int argc, char **argv)
{
	static struct probe p;
	int error, status;

	if (probe_options_parse(argc, argv, &p.options))
		return COMMAND_FAILED;
	if (p.options.help) {
		probe_options_help();
		return COMMAND_OK;
	}
	error = probe_measure(&p);
	if (error) {
		text_error("probe: no directory for the test programs: %s",
			   strerror(-error));
		return COMMAND_FAILED;
	}
	status = judge(&p);
	if (p.options.json)
		probe_report_json(&p, status);
	else
		probe_report(&p);
	return status;
}
