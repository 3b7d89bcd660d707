/* SPDX-License-Identifier: MIT */
/* The report of `clonexec probe` for people. */
#include "probe.h"

#include <stdio.h>
#include <string.h>

#include "machine.h"
#include "probe-verdict.h"
#include "stats.h"
#include "text.h"

/* ---- The verdict ------------------------------------------------------ */

static void print_verdict(const struct probe *p)
{
	struct probe_sentence s[PROBE_SENTENCES];
	int i, n = probe_verdict(p, s);

	for (i = 0; i < n; i++)
		printf("%s%s%s%s\n", text_begin(stdout, s[i].colour), s[i].head,
		       text_end(stdout, s[i].colour), s[i].rest);
}

/* ---- The table -------------------------------------------------------- */

static void frozen_cell(struct text_table *t, const struct probe_cell *cell)
{
	static const enum text_colour colours[] = {
		[TARGET_KEPT] = TEXT_GOOD,
		[TARGET_LOST] = TEXT_BAD,
		[TARGET_BROKEN] = TEXT_BAD,
	};
	static const char *const words[] = {
		[TARGET_KEPT] = "kept",
		[TARGET_LOST] = "LOST",
		[TARGET_BROKEN] = "BROKEN",
	};

	if (cell->frozen_runs)
		text_cell(t, colours[cell->frozen], "%s", words[cell->frozen]);
	else
		text_cell(t, TEXT_DIM, cell->untold ? "busy" : "-");
}

static void rate_cells(struct text_table *t, const struct probe_cell *cell)
{
	double lo, hi;

	if (!cell->runs) {
		text_cell(t, TEXT_DIM, "-");
		text_cell(t, TEXT_DIM, "-");
		text_cell(t, TEXT_DIM, "-");
		text_cell(t, TEXT_DIM, "-");
		return;
	}
	stats_wilson(cell->lost, cell->runs, &lo, &hi);
	text_cell(t, cell->lost ? TEXT_BAD : TEXT_GOOD, "%ld/%ld", cell->lost,
		  cell->runs);
	text_cell(t, TEXT_PLAIN, "%.2f %%",
		  100.0 * (double)cell->lost / (double)cell->runs);
	text_cell(t, TEXT_PLAIN, "%.2f to %.2f %%", 100 * lo, 100 * hi);
	text_cell(t, cell->eagain ? TEXT_BAD : TEXT_GOOD, "%llu", cell->eagain);
}

static void add_row(struct text_table *t, const struct probe *p,
		    enum target_kind kind, enum probe_strategy s, int first)
{
	const struct probe_cell *cell = &p->cell[kind][s];

	text_cell(t, TEXT_PLAIN, "%s", first ? target_name(kind) : "");
	text_cell(t, TEXT_PLAIN, "%s%s",
		  s == PROBE_NONE && probe_is_mended(p) ?
			  "guard" :
			  probe_strategy_name(s),
		  s == PROBE_NONE ? " (execve)" :
		  s == PROBE_LOCK ? " (guarded)" :
				    "");
	frozen_cell(t, cell);
	rate_cells(t, cell);
}

static void print_table(const struct probe *p)
{
	static const char *const heads[] = { "target", "strategy",
					     "frozen", "lost",
					     "rate",   "95 % interval",
					     "EAGAIN" };
	static struct text_table t;
	int kind, s, last = -1;
	size_t i;

	text_table_begin(&t, "lllrrrr");
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		text_cell(&t, TEXT_BOLD, "%s", heads[i]);
	for (kind = 0; kind < TARGET_KINDS; kind++)
		for (s = 0; s < PROBE_STRATEGIES; s++) {
			if (!p->cell[kind][s].asked)
				continue;
			add_row(&t, p, (enum target_kind)kind,
				(enum probe_strategy)s, kind != last);
			last = kind;
		}
	printf("\n");
	text_table_print(&t, stdout);
}

/* ---- What else there is to say ---------------------------------------- */

static void print_reason(const char *name, const char *why)
{
	if (why && why[0])
		printf("not tested here: %s, because %s\n", name, why);
}

static void print_untested(const struct probe *p)
{
	int kind, s;

	for (s = 0; s < PROBE_STRATEGIES; s++)
		print_reason(probe_strategy_name((enum probe_strategy)s),
			     p->refused[s]);
	for (kind = 0; kind < TARGET_KINDS; kind++)
		print_reason(target_name((enum target_kind)kind),
			     p->untested[kind]);
	print_reason("the frozen race", p->unfrozen);
	print_reason("the stopped exec", p->unstopped);
	if (p->out_of_time)
		printf("stopped after %g s, before all runs were made\n",
		       p->options.seconds);
}

static void print_cell_details(enum target_kind kind, enum probe_strategy s,
			       struct probe_cell *cell, int verbose)
{
	size_t count = (size_t)(cell->runs < PROBE_SAMPLES ? cell->runs :
							     PROBE_SAMPLES);

	if (cell->broken)
		printf("%s, %s: %d broken runs, the first: %s\n",
		       target_name(kind), probe_strategy_name(s), cell->broken,
		       strerror(-cell->broken_error));
	if (verbose && cell->frozen_runs)
		printf("%s, %s: frozen: %s\n", target_name(kind),
		       probe_strategy_name(s), cell->frozen_line);
	if (verbose && count)
		printf("%s, %s: median of an exec %ld us\n", target_name(kind),
		       probe_strategy_name(s),
		       stats_median(cell->samples, count));
}

static void print_details(struct probe *p)
{
	int kind, s;

	if (p->options.verbose)
		printf("a line has: ruid euid suid rgid egid sgid "
		       "permitted effective at_secure\n");
	for (kind = 0; kind < TARGET_KINDS; kind++)
		for (s = 0; s < PROBE_STRATEGIES; s++)
			print_cell_details((enum target_kind)kind,
					   (enum probe_strategy)s,
					   &p->cell[kind][s],
					   p->options.verbose);
}

/* Without rates the sentences above have said it all. */
static int is_picture_alone(const struct probe *p)
{
	return p->timeline.made && p->options.runs == 0;
}

void probe_report(struct probe *p)
{
	struct machine m;
	struct probe_sum plain, under;

	print_verdict(p);
	if (p->timeline.made && !p->options.timeline_file) {
		printf("\n");
		timeline_print(&p->timeline, stdout);
	}
	if (p->options.quiet)
		return;
	probe_add_up(p, 0, &plain);
	probe_add_up(p, 1, &under);
	if ((plain.tested || under.tested) && !is_picture_alone(p))
		print_table(p);
	printf("\n");
	print_untested(p);
	print_details(p);
	machine_look(&m);
	printf("Linux %s, %s, %d CPUs, %s; auto means %s here; %.1f s\n",
	       m.kernel, m.arch, m.cpus, m.libc, probe_auto_means(),
	       p->seconds);
}
