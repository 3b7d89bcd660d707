/* SPDX-License-Identifier: MIT */
/* Text for HTML and SVG, and the one style sheet that both share. */
#ifndef MARKUP_H
#define MARKUP_H

#include <stdio.h>

/* Escaped; what printable.h does not let through becomes '?'. */
void markup_text(FILE *out, const char *text);

/* The classes that svg.h's callers use, for a light and a dark page. */
void markup_style(FILE *out);

#endif
