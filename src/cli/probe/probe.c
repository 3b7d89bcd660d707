/* SPDX-License-Identifier: MIT */
/* clonexec probe: is this machine affected, and does clonexec help? */
#include "probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "exitstatus.h"
#include "interrupt.h"
#include "outfile.h"
#include "probe-html.h"
#include "probe-options.h"
#include "probe-sum.h"
#include "text.h"

enum { LOSSES_SEEN = 1 };

static int judge_runs(const struct probe *p)
{
	struct probe_sum plain, under;

	probe_add_up(p, 0, &plain);
	probe_add_up(p, 1, &under);
	if (under.lost || under.frozen_lost || under.eagain || under.refused)
		return LOSSES_SEEN;
	if (!plain.tested && !under.tested)
		return EXIT_SKIPPED;
	if (plain.broken || under.broken)
		return EXIT_OWN_FAILURE;
	return plain.unknown || under.unknown ? EXIT_SKIPPED : EXIT_SUCCESS;
}

/* ---- The files that were asked for ------------------------------------ */

struct files {
	struct outfile html, timeline;
};

static int is_stdout(const char *path)
{
	return path && !strcmp(path, "-");
}

static int is_file(const char *path)
{
	return path && !is_stdout(path);
}

static int open_one(struct outfile *f, const char *path)
{
	int error = is_file(path) ? outfile_open(f, path) : 0;

	if (error)
		text_error("probe: %s: %s", path, outfile_why(error));
	return error;
}

/* Before anything is measured: a name that is no good is told at once. */
static int open_files(struct files *f, const struct probe_options *o)
{
	if (open_one(&f->html, o->html_file))
		return -1;
	if (open_one(&f->timeline, o->timeline_file)) {
		if (is_file(o->html_file))
			outfile_discard(&f->html);
		return -1;
	}
	return 0;
}

static void discard_files(struct files *f, const struct probe_options *o)
{
	if (is_file(o->html_file))
		outfile_discard(&f->html);
	if (is_file(o->timeline_file))
		outfile_discard(&f->timeline);
}

static int commit(struct outfile *f)
{
	int error = outfile_commit(f);

	if (error)
		text_error("probe: %s: %s", f->path, outfile_why(error));
	return error ? EXIT_OWN_FAILURE : EXIT_SUCCESS;
}

static int write_timeline(struct files *f, const struct probe *p)
{
	int is_named = is_file(p->options.timeline_file);

	if (!p->timeline.made) {
		if (is_named)
			outfile_discard(&f->timeline);
		text_error("probe: no timeline: %s", p->timeline.unseen);
		return EXIT_SKIPPED;
	}
	timeline_svg(&p->timeline, is_named ? f->timeline.out : stdout, 1);
	return is_named ? commit(&f->timeline) : EXIT_SUCCESS;
}

static int write_files(struct files *f, const struct probe *p)
{
	int status = EXIT_SUCCESS, other;

	if (is_stdout(p->options.html_file)) {
		probe_report_html(p, stdout);
	} else if (p->options.html_file) {
		probe_report_html(p, f->html.out);
		status = commit(&f->html);
	}
	if (p->options.timeline_file) {
		other = write_timeline(f, p);
		status = status ? status : other;
	} else if (p->options.timeline && !p->timeline.made) {
		text_error("probe: no timeline: %s", p->timeline.unseen);
	}
	return status;
}

/* ---- The command ------------------------------------------------------ */

static void report(struct probe *p, int status)
{
	if (p->options.json)
		probe_report_json(p, status);
	else if (!is_stdout(p->options.html_file) &&
		 !is_stdout(p->options.timeline_file))
		probe_report(p);
	/* One of the files may be /dev/stdout. */
	fflush(stdout);
}

static int measure(struct probe *p)
{
	int error;

	interrupt_catch();
	error = probe_measure(p);
	if (error)
		text_error("probe: no place for the test programs: %s",
			   error == -ENOSYS ? "there is no /proc" :
					      strerror(-error));
	return error;
}

int cmd_probe(int argc, char **argv)
{
	static struct probe p;
	struct files files;
	int status, written;

	if (probe_options_parse(argc, argv, &p.options))
		return EXIT_OWN_FAILURE;
	if (p.options.help) {
		probe_options_help();
		return EXIT_SUCCESS;
	}
	if (open_files(&files, &p.options))
		return EXIT_OWN_FAILURE;
	if (measure(&p)) {
		discard_files(&files, &p.options);
		return EXIT_OWN_FAILURE;
	}
	status = judge_runs(&p);
	report(&p, status);
	written = write_files(&files, &p);
	fflush(stdout);
	interrupt_obey();
	return written == EXIT_OWN_FAILURE || status == EXIT_SUCCESS ? written :
								       status;
}
