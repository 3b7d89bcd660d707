/* SPDX-License-Identifier: MIT */
#include "svg.h"

#include <stdarg.h>

#include "markup.h"

void svg_begin(FILE *out, int width, int height, const char *title, int alone)
{
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" "
		"viewBox=\"0 0 %d %d\" role=\"img\"",
		width, height);
	if (alone) /* twice as large: it has the window to itself */
		fprintf(out, " width=\"%d\" height=\"%d\"", 2 * width,
			2 * height);
	fputs(">\n<title>", out);
	markup_text(out, title);
	fputs("</title>\n", out);
	if (!alone)
		return;
	fputs("<style>\n", out);
	markup_style(out);
	fputs("</style>\n", out);
	svg_rect(out, "page", 0, 0, width, height);
}

void svg_end(FILE *out)
{
	fputs("</svg>\n", out);
}

void svg_rect(FILE *out, const char *class, double x, double y, double width,
	      double height)
{
	fprintf(out,
		"<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" "
		"width=\"%.1f\" height=\"%.1f\"/>\n",
		class, x, y, width, height);
}

void svg_line(FILE *out, const char *class, double x1, double y1, double x2,
	      double y2)
{
	fprintf(out,
		"<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" "
		"x2=\"%.1f\" y2=\"%.1f\"/>\n",
		class, x1, y1, x2, y2);
}

void svg_circle(FILE *out, const char *class, double x, double y, double r)
{
	fprintf(out,
		"<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" "
		"r=\"%.1f\"/>\n",
		class, x, y, r);
}

void svg_text(FILE *out, const char *class, const char *anchor, double x,
	      double y, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(out,
		"<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" "
		"y=\"%.1f\">",
		class, anchor, x, y);
	markup_text(out, text);
	fputs("</text>\n", out);
}

void svg_path_begin(FILE *out, const char *class)
{
	fprintf(out, "<polyline class=\"%s\" points=\"", class);
}

void svg_path_to(FILE *out, double x, double y)
{
	fprintf(out, "%.1f,%.1f ", x, y);
}

void svg_path_end(FILE *out)
{
	fputs("\"/>\n", out);
}
