/* SPDX-License-Identifier: MIT */
/* The options of `clonexec probe`. */
#ifndef PROBE_OPTIONS_H
#define PROBE_OPTIONS_H

#include "probe.h"

/* 0, or -1 after one line on stderr. */
int probe_options_parse(int argc, char **argv, struct probe_options *o);
void probe_options_help(void);

#endif
