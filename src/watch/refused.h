/* SPDX-License-Identifier: MIT */
/* Creations that were refused because of an exec (--eagain). */
#ifndef REFUSED_H
#define REFUSED_H

#include "report.h"

/* Reports each burst that is over (a second without another), or all. */
void refused_report(const struct hooks *h, const struct report *r, int all);

#endif
