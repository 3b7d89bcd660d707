/* SPDX-License-Identifier: MIT */
#include "probe-html.h"

#include <stdarg.h>
#include <time.h>

#include <clonexec.h>

#include "chart.h"
#include "machine.h"
#include "markup.h"
#include "probe-verdict.h"
#include "stats.h"

static const char style[] =
	"*{box-sizing:border-box}"
	"body{margin:0;background:var(--page);color:var(--ink);"
	"font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\n"
	"main{max-width:960px;margin:0 auto;padding:16px}"
	"h1{font-size:1.5rem;margin:.5rem 0}"
	"h2{font-size:1.15rem;margin:2rem 0 .5rem}"
	"p{margin:.4rem 0}.soft{color:var(--soft)}"
	".bad{color:var(--lost);font-weight:600}"
	".good{color:var(--kept);font-weight:600}\n"
	".verdict{background:var(--panel);border-left:4px solid var(--rule);"
	"padding:.5rem 1rem}"
	".charts{display:grid;gap:16px;"
	"grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr))}"
	".charts svg,.picture svg{width:100%;max-width:640px;height:auto;"
	"display:block}\n"
	".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem}"
	"th,td{padding:.25rem .7rem;text-align:left;white-space:nowrap;"
	"border-bottom:1px solid var(--rule)}"
	"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\n"
	"pre{background:var(--panel);padding:.6rem .8rem;overflow-x:auto;"
	"font-size:.85rem}dl{display:grid;grid-template-columns:auto 1fr;"
	"gap:.1rem 1rem;margin:.5rem 0}dt{color:var(--soft)}dd{margin:0}\n";

static void element(FILE *out, const char *tag, const char *class,
		    const char *text)
{
	if (class)
		fprintf(out, "<%s class=\"%s\">", tag, class);
	else
		fprintf(out, "<%s>", tag);
	markup_text(out, text);
	fprintf(out, "</%s>\n", tag);
}

/* ---- Verdict and machine ---------------------------------------------- */

static const char *class_of(enum text_colour colour)
{
	return colour == TEXT_BAD ? "bad" : colour == TEXT_GOOD ? "good" : "";
}

static void put_verdict(FILE *out, const struct probe *p)
{
	struct probe_sentence s[PROBE_SENTENCES];
	int i, n = probe_verdict(p, s);

	fputs("<div class=\"verdict\">\n", out);
	for (i = 0; i < n; i++) {
		fprintf(out, "<p><span class=\"%s\">", class_of(s[i].colour));
		markup_text(out, s[i].head);
		fputs("</span>", out);
		markup_text(out, s[i].rest);
		fputs("</p>\n", out);
	}
	fputs("</div>\n", out);
}

static void put_pair(FILE *out, const char *name, const char *value)
{
	element(out, "dt", NULL, name);
	element(out, "dd", NULL, value);
}

static void put_machine(FILE *out, const struct probe *p)
{
	time_t now = time(NULL);
	struct machine m;
	char text[64];
	struct tm tm;

	machine_look(&m);
	fputs("<h2>Machine</h2>\n<dl>\n", out);
	put_pair(out, "Kernel", m.kernel);
	put_pair(out, "Architecture", m.arch);
	snprintf(text, sizeof(text), "%d", m.cpus);
	put_pair(out, "CPUs", text);
	put_pair(out, "libc", m.libc);
	put_pair(out, "auto means", probe_auto_means());
	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC", &tm);
	put_pair(out, "Measured", text);
	snprintf(text, sizeof(text), "%.1f s, clonexec " CX_VERSION,
		 p->seconds);
	put_pair(out, "in", text);
	fputs("</dl>\n", out);
}

/* ---- Charts ----------------------------------------------------------- */

static const char *long_name(enum probe_strategy s, char text[40])
{
	snprintf(text, 40, "%s%s", probe_strategy_name(s),
		 s == PROBE_NONE ? " (execve)" :
		 s == PROBE_LOCK ? " (guarded)" :
				   "");
	return text;
}

static int collect(const struct probe *p, int kind,
		   struct chart_bar bars[PROBE_STRATEGIES])
{
	int s, n = 0;

	for (s = 0; s < PROBE_STRATEGIES; s++) {
		const struct probe_cell *cell = &p->cell[kind][s];
		struct chart_bar *b = &bars[n];

		if (!cell->asked || !cell->runs)
			continue;
		long_name((enum probe_strategy)s, b->label);
		b->k = cell->lost;
		b->n = cell->runs;
		/* No loss under plain execve is luck, and no merit. */
		b->class = cell->lost	   ? "lost" :
			   s == PROBE_NONE ? "soft" :
					     "kept";
		stats_wilson(b->k, b->n, &b->lo, &b->hi);
		n++;
	}
	return n;
}

/* The axis of all charts: to the highest whisker, rounded up. */
static double highest(const struct probe *p)
{
	static const double tops[] = { .001, .002, .005, .01, .02,
				       .05,  .1,   .2,	 .5 };
	struct chart_bar bars[PROBE_STRATEGIES];
	double hi = 0;
	int kind, i, n;
	size_t t;

	for (kind = 0; kind < TARGET_KINDS; kind++)
		for (n = collect(p, kind, bars), i = 0; i < n; i++)
			hi = bars[i].hi > hi ? bars[i].hi : hi;
	for (t = 0; t < sizeof(tops) / sizeof(tops[0]); t++)
		if (hi <= tops[t])
			return tops[t];
	return 1;
}

static void put_charts(FILE *out, const struct probe *p)
{
	struct chart_bar bars[PROBE_STRATEGIES];
	double top = highest(p);
	int kind, n, any = 0;
	char title[64];

	for (kind = 0; kind < TARGET_KINDS; kind++) {
		n = collect(p, kind, bars);
		if (!n)
			continue;
		if (!any++)
			fputs("<h2>Before and after</h2>\n<p class=\"soft\">"
			      "Execs that lost their privileges while two "
			      "threads create threads; the whiskers are 95 % "
			      "intervals (Wilson).</p>\n"
			      "<div class=\"charts\">\n",
			      out);
		snprintf(title, sizeof(title), "%s: lost",
			 target_name((enum target_kind)kind));
		chart_bars(out, title, bars, n, top);
	}
	if (any)
		fputs("</div>\n", out);
}

/* ---- The table -------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static void
put_cell(FILE *out, const char *class, const char *format, ...)
{
	char text[64];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	element(out, "td", class, text);
}

static void put_row(FILE *out, int kind, int s, const struct probe_cell *cell)
{
	double lo, hi;
	char name[40];

	fputs("<tr>", out);
	put_cell(out, NULL, "%s", target_name((enum target_kind)kind));
	put_cell(out, NULL, "%s", long_name((enum probe_strategy)s, name));
	if (cell->frozen_runs)
		put_cell(out, cell->frozen == TARGET_KEPT ? "good" : "bad",
			 "%s", target_verdict_name(cell->frozen));
	else
		put_cell(out, "soft", cell->untold ? "busy" : "-");
	if (cell->runs) {
		stats_wilson(cell->lost, cell->runs, &lo, &hi);
		put_cell(out, "n", "%ld/%ld", cell->lost, cell->runs);
		put_cell(out, "n", "%.2f %%",
			 100.0 * (double)cell->lost / (double)cell->runs);
		put_cell(out, "n", "%.2f to %.2f %%", 100 * lo, 100 * hi);
		put_cell(out, "n", "%llu", cell->eagain);
	} else {
		fputs("<td class=\"soft\" colspan=\"4\">-</td>\n", out);
	}
	fputs("</tr>\n", out);
}

static void put_reason(FILE *out, const char *name, const char *why)
{
	if (!why || !why[0])
		return;
	fprintf(out, "<p class=\"soft\">not tested here: %s, because ", name);
	markup_text(out, why);
	fputs("</p>\n", out);
}

static void put_untested(FILE *out, const struct probe *p)
{
	int kind, s;

	for (s = 0; s < PROBE_STRATEGIES; s++)
		put_reason(out, probe_strategy_name((enum probe_strategy)s),
			   p->refused[s]);
	for (kind = 0; kind < TARGET_KINDS; kind++)
		put_reason(out, target_name((enum target_kind)kind),
			   p->untested[kind]);
	put_reason(out, "the frozen race", p->unfrozen);
	put_reason(out, "the stopped exec", p->unstopped);
}

static void put_table(FILE *out, const struct probe *p)
{
	int kind, s;

	fputs("<h2>Figures</h2>\n<div class=\"wide\"><table>\n<thead><tr>"
	      "<th>target</th><th>strategy</th><th>frozen</th>"
	      "<th class=\"n\">lost</th><th class=\"n\">rate</th>"
	      "<th class=\"n\">95 % interval</th><th class=\"n\">EAGAIN</th>"
	      "</tr></thead>\n<tbody>\n",
	      out);
	for (kind = 0; kind < TARGET_KINDS; kind++)
		for (s = 0; s < PROBE_STRATEGIES; s++)
			if (p->cell[kind][s].asked)
				put_row(out, kind, s, &p->cell[kind][s]);
	fputs("</tbody></table></div>\n", out);
	put_untested(out, p);
}

/* ---- The rest --------------------------------------------------------- */

static void put_timeline(FILE *out, const struct probe *p)
{
	const struct timeline *t = &p->timeline;

	fputs("<h2>How it happens</h2>\n", out);
	if (!t->made) {
		fputs("<p class=\"soft\">No picture: ", out);
		markup_text(out, t->unseen);
		fputs(".</p>\n", out);
		return;
	}
	fputs("<p>One loss on this machine, as it went. From the moment a "
	      "thread that is being created counts as a user of the file "
	      "system context until it is a thread of the process, the kernel "
	      "takes it for another process, and an exec gets no privileges."
	      "</p>\n<div class=\"picture\">\n",
	      out);
	timeline_svg(t, out, 0);
	fputs("</div>\n", out);
	if (!t->by_kernel) {
		fputs("<p class=\"soft\">Seen from user space alone: ", out);
		markup_text(out, t->unseen);
		fputs(".</p>\n", out);
	}
}

static const char protect[] =
	"<h2>How to protect a program</h2>\n"
	"<p>One that nobody changes:</p>\n"
	"<pre>clonexec run -- PROGRAM ARGUMENT...</pre>\n"
	"<p>One of your own, in C or C++, with <code>#include "
	"&lt;clonexec.h&gt;</code>:</p>\n"
	"<pre>cx_execvp(\"sudo\", argv);                  /* for execvp() */\n"
	"cx_pthread_create(&amp;thread, NULL, f, arg);  "
	"/* for pthread_create() */"
	"</pre>\n"
	"<p>To see which programs of a machine lose privileges:</p>\n"
	"<pre>clonexec watch</pre>\n";

void probe_report_html(const struct probe *p, FILE *out)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, "
	      "initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<title>clonexec probe</title>\n<style>\n",
	      out);
	markup_style(out);
	fputs(style, out);
	fputs("</style>\n</head>\n<body>\n<main>\n"
	      "<h1>Does exec lose privileges on this machine?</h1>\n",
	      out);
	put_verdict(out, p);
	put_machine(out, p);
	put_charts(out, p);
	put_table(out, p);
	put_timeline(out, p);
	fputs(protect, out);
	fputs("</main>\n</body>\n</html>\n", out);
}
