/* SPDX-License-Identifier: MIT */
#include "option.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "text.h"

int option_bad_value(const char *command, const char *option, const char *value)
{
	text_error("%s: bad value '%s' for --%s; see 'clonexec %s --help'",
		   command, value, option, command);
	return -1;
}

int option_unknown(const char *command, int answer, char *const argv[])
{
	const char *what = answer == ':' ? "no value for" : "unknown option";

	if (optopt > 0 && optopt < 256)
		text_error("%s: %s '-%c'; see 'clonexec %s --help'", command,
			   what, optopt, command);
	else
		text_error("%s: %s '%s'; see 'clonexec %s --help'", command,
			   what, argv[optind - 1], command);
	return -1;
}

int option_number(const char *command, const char *option, const char *text,
		  long min, long max, long *value)
{
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	if (end == text || *end || errno || *value < min || *value > max)
		return option_bad_value(command, option, text);
	return 0;
}

int option_file(const char *command, const char *option, const char *text,
		const char **file)
{
	if (!*text)
		return option_bad_value(command, option, text);
	*file = text;
	return 0;
}

int option_real(const char *command, const char *option, const char *text,
		double min, double max, double *value)
{
	char *end;

	*value = strtod(text, &end);
	if (end == text || *end || !(*value >= min && *value <= max))
		return option_bad_value(command, option, text);
	return 0;
}
