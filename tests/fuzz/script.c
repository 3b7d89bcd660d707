/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <string.h>

#include "fuzz.h"

/* Any first line: both strings end, and hold no newline. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script s;

	if (script_parse(data, size, &s) != 0)
		return 0;
	if (strnlen(s.interp, sizeof(s.interp)) == sizeof(s.interp) ||
	    strnlen(s.arg, sizeof(s.arg)) == sizeof(s.arg))
		abort();
	if (strpbrk(s.interp, " \t\n") || strchr(s.arg, '\n'))
		abort();
	if (*s.arg && !s.has_arg)
		abort();
	return 0;
}
