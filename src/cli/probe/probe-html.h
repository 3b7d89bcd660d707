/* SPDX-License-Identifier: MIT */
/* The report of `clonexec probe` as one page that needs nothing else. */
#ifndef PROBE_HTML_H
#define PROBE_HTML_H

#include <stdio.h>

#include "probe.h"

void probe_report_html(const struct probe *p, FILE *out);

#endif
