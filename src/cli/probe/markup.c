/* SPDX-License-Identifier: MIT */
#include "markup.h"

#include "printable.h"

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void markup_text(FILE *out, const char *text)
{
	struct printable c;
	const char *name;

	for (; (c = printable_next(text)).length; text += c.length) {
		name = entity(*text);
		if (name)
			fputs(name, out);
		else if (c.is_safe)
			fwrite(text, 1, c.length, out);
		else
			fputc('?', out);
	}
}

/* Each colour is readable on its page: 4.5:1 for text, 3:1 for shapes. */
static const char style[] =
	":root{--page:#ffffff;--ink:#1c2430;--soft:#5a6675;--rule:#d5dbe2;"
	"--panel:#f5f7f9;--lost:#b3261e;--kept:#1b7a4b;--lane:#3b6fb6;"
	"--window:#f3c6c2}\n"
	"@media (prefers-color-scheme:dark){:root{--page:#12161c;--ink:#e6eaf0;"
	"--soft:#9aa7b6;--rule:#333c48;--panel:#1a2028;--lost:#ff8a80;"
	"--kept:#5fd39a;--lane:#7eb0ff;--window:#5a2b2b}}\n"
	"svg{font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;"
	"font-size:13px}\n"
	"svg .ink{fill:var(--ink)}svg .soft{fill:var(--soft)}"
	"svg .lost{fill:var(--lost)}svg .kept{fill:var(--kept)}"
	"svg .lane{fill:var(--lane)}svg .window{fill:var(--window)}"
	"svg .page{fill:var(--page)}svg .head{fill:var(--ink);font-weight:600}"
	"svg .small{font-size:11px}"
	"svg .number{fill:var(--page);font-size:11px;font-weight:600}\n"
	"svg .rule{stroke:var(--rule);stroke-width:1}"
	"svg .whisker{stroke:var(--ink);stroke-width:1.5}"
	"svg .step{fill:none;stroke:var(--lane);stroke-width:2}"
	"svg .step.lost{stroke:var(--lost)}\n";

void markup_style(FILE *out)
{
	fputs(style, out);
}
