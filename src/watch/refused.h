/* SPDX-License-Identifier: MIT */
/* What the kernel's half has counted: refused creations, and what it lost. */
#ifndef REFUSED_H
#define REFUSED_H

#include "report.h"

/* Reports each burst that is over (a second without another), or all. */
void refused_report(const struct hooks *h, const struct report *r, int all);

/* Fills in the counters of a summary. */
void refused_counters(const struct hooks *h, struct report_sum *s);

#endif
