/* SPDX-License-Identifier: MIT */
/*
 * Writes SVG.  Coordinates are those of the viewBox; how large it is shown is
 * the page's business.  Colours are classes, see markup.c.
 */
#ifndef SVG_H
#define SVG_H

#include <stdio.h>

/* alone: a file of its own, with style and background. */
void svg_begin(FILE *out, int width, int height, const char *title, int alone);
void svg_end(FILE *out);

void svg_rect(FILE *out, const char *class, double x, double y, double width,
	      double height);
void svg_line(FILE *out, const char *class, double x1, double y1, double x2,
	      double y2);
void svg_circle(FILE *out, const char *class, double x, double y, double r);

/* anchor: start, middle or end. */
__attribute__((format(printf, 6, 7))) void
svg_text(FILE *out, const char *class, const char *anchor, double x, double y,
	 const char *format, ...);

/* A line that goes on from point to point. */
void svg_path_begin(FILE *out, const char *class);
void svg_path_to(FILE *out, double x, double y);
void svg_path_end(FILE *out);

#endif
