/* SPDX-License-Identifier: MIT */
/*
 * clonexec-watch: reports execs that lost privileges.  A program of its own,
 * started by `clonexec watch`, so that the command needs no libbpf.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "clock.h"
#include "counters.h"
#include "exitstatus.h"
#include "fixed.h"
#include "guarded.h"
#include "guardpins.h"
#include "hooks.h"
#include "loss.h"
#include "metrics.h"
#include "options.h"
#include "outfile.h"
#include "path.h"
#include "pids.h"
#include "refused.h"
#include "report.h"
#include "rights.h"
#include "text.h"
#include "untold.h"
#include "watch.skel.h"

enum { TURN_MS = 100 }; /* how long a signal or an end may go unnoticed */

struct watch {
	struct options options;
	struct hooks hooks;
	struct report report;
	struct journal journal;
	struct metrics metrics;
	struct ring_buffer *ring;
	struct untold untold;
	struct guarded guarded;
	struct child child;
	long losses;
	double started;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	stopped = 1;
}

static int is_full(const struct watch *w)
{
	return w->options.count && w->losses >= w->options.count;
}

/* ---- Events ----------------------------------------------------------- */

static int on_event(void *context, void *data, size_t size)
{
	struct watch *w = context;
	const struct event *e = data;
	struct loss_grant grant = { .error = -ENODATA };
	char path[PATH_TEXT];
	struct advice advice;
	const char *known;
	struct loss l;

	if (is_full(w))
		return 0;
	known = path_join(&e->file, path);
	if (loss_asks_file(e))
		grant.error = eventcaps_read(e, known, &grant.caps);
	if (!loss_judge(e, &grant, &l))
		return 0;
	w->losses++;
	advice_find(&advice, e, &l);
	metrics_loss(&w->metrics, known, e->uid, &l, &advice);
	report_loss(&w->report, e, known, &l, &advice);
	return 0;
}

static void write_metrics(struct watch *w, double now)
{
	const struct metrics_counts c = {
		.counts_eagain = w->options.eagain,
		.eagain = counters_read(&w->hooks, EVENT_EAGAIN),
		.withheld = counters_read(&w->hooks, EVENT_WITHHELD),
		.dropped = counters_dropped(&w->hooks),
	};

	metrics_write(&w->metrics, &c, now);
}

static int has_pid(const struct bpf_map *map, unsigned int pid)
{
	unsigned int one;

	return !bpf_map__lookup_elem(map, &pid, sizeof(pid), &one, sizeof(one),
				     0);
}

/* The same choice as the hooks make. */
static int wants_guard_event(void *arg, const struct event_guard *e)
{
	const struct watch *w = arg;
	unsigned int pid = e->pid;

	if (w->options.comm && strcmp(w->options.comm, e->comm))
		return 0;
	if (!w->options.pid && !w->options.program)
		return 1;
	return has_pid(w->hooks.skeleton->maps.tracked, pid) ||
	       has_pid(w->hooks.skeleton->maps.ended, pid);
}

/* ---- Beginning -------------------------------------------------------- */

static int track(struct watch *w, unsigned int pid)
{
	unsigned int one = 1;

	return bpf_map__update_elem(w->hooks.skeleton->maps.tracked, &pid,
				    sizeof(pid), &one, sizeof(one), BPF_ANY);
}

static int check_target(const struct options *o)
{
	if ((o->pid || o->program) && !pids_are_ours()) {
		text_error("watch: --pid and --exec need the first pid "
			   "namespace; here pids mean something else");
		return -1;
	}
	if (o->pid && kill((pid_t)o->pid, 0) && errno == ESRCH) {
		text_error("watch: no process %ld", o->pid);
		return -1;
	}
	return 0;
}

static int open_hooks(struct watch *w)
{
	const struct hooks_wanted wanted = {
		.eagain = w->options.eagain,
		.verbose = w->options.verbose,
		.only_tracked = w->options.pid || w->options.program,
		.comm = w->options.comm,
		.limit = w->options.limit,
		.buffer_bytes = w->options.buffer * 1024,
		.kind = w->options.hooks,
	};
	char why[256];

	if (hooks_open(&w->hooks, &wanted, why, sizeof(why))) {
		text_error("watch: %s", why);
		return -1;
	}
	w->ring = ring_buffer__new(bpf_map__fd(w->hooks.skeleton->maps.events),
				   on_event, w, NULL);
	if (!w->ring) {
		text_error("watch: no ring buffer: %s", strerror(errno));
		return -1;
	}
	return 0;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

static int open_output(const struct options *o, FILE **out)
{
	int error;

	*out = NULL;
	if (!o->output || !strcmp(o->output, "-"))
		return 0;
	error = outfile_stream(o->output, out);
	if (error)
		text_error("watch: %s: %s", o->output, outfile_why(error));
	return error;
}

/*
 * All that is printed goes to stdout, so that becomes what was asked for.  The
 * program of --exec has been made by then and keeps the real one: what it
 * prints and what is told of it do not mix.
 */
static int direct_output(const struct options *o, FILE *out)
{
	int to = out ? fileno(out) : STDERR_FILENO, error = 0;

	if (out || (o->program && !o->output))
		error = dup2(to, STDOUT_FILENO) < 0 ? -errno : 0;
	if (out)
		fclose(out);
	return error;
}

static int begin_metrics(struct watch *w)
{
	int error = metrics_begin(&w->metrics, w->options.metrics);

	if (error)
		text_error("watch: %s: %s", w->options.metrics,
			   outfile_why(error));
	return error;
}

static int begin_target(struct watch *w)
{
	int error = 0;

	if (w->options.program) {
		error = child_start(&w->child, "watch", w->options.program);
		if (!error) {
			error = track(w, (unsigned int)w->child.pid);
			if (error)
				child_cancel(&w->child);
		}
	} else if (w->options.pid) {
		error = track(w, (unsigned int)w->options.pid);
	}
	return error;
}

/* Before there are hooks, for it is tried; and not under the guard, where a
   creation that would be refused takes its time. */
static int has_nothing_to_lose(const struct options *o)
{
	return !o->quiet && access(GUARD_PINS, F_OK) && fixed_kernel();
}

static int begin(struct watch *w)
{
	int error, is_fixed;
	FILE *out;

	if (check_target(&w->options))
		return -1;
	is_fixed = has_nothing_to_lose(&w->options);
	if (open_hooks(w) || begin_metrics(w) || open_output(&w->options, &out))
		return -1;
	error = w->options.journal ? journal_open(&w->journal) : 0;
	if (!error)
		error = begin_target(w);
	/* (The program of --exec has been made, and has them.) */
	rights_give_up_others();
	if (!error) {
		error = direct_output(&w->options, out);
		if (error && w->options.program)
			child_cancel(&w->child);
	}
	if (error) {
		text_error("watch: %s", strerror(-error));
		return -1;
	}
	catch_signals();
	report_begin(&w->report, w->options.json,
		     w->options.journal ? &w->journal : NULL);
	w->started = clock_seconds();
	w->guarded.wants = wants_guard_event;
	w->guarded.arg = w;
	w->guarded.report = &w->report;
	w->guarded.metrics = &w->metrics;
	guarded_begin(&w->guarded, w->started);
	if (!w->options.quiet)
		fprintf(stderr, "clonexec: watching, by %s%s\n",
			w->hooks.name[HOOK_EXEC],
			w->guarded.ring ? " and the guard" : "");
	if (is_fixed)
		text_error("watch: this kernel has the bug fixed: nothing can "
			   "be lost");
	if (w->options.program)
		return child_release(&w->child);
	return 0;
}

/* ---- Until the end ---------------------------------------------------- */

static int is_over(struct watch *w)
{
	const struct options *o = &w->options;

	return stopped || is_full(w) ||
	       (o->duration > 0 &&
		clock_seconds() - w->started >= o->duration) ||
	       (o->program && child_has_ended(&w->child)) ||
	       (o->pid && kill((pid_t)o->pid, 0) && errno == ESRCH);
}

static int turn_ms(const struct watch *w)
{
	double left = w->options.duration - (clock_seconds() - w->started);

	if (w->options.duration <= 0 || left * 1000 > TURN_MS)
		return TURN_MS;
	return left > 0 ? (int)(left * 1000) + 1 : 0;
}

static void watch_on(struct watch *w)
{
	while (!is_over(w)) {
		int n = ring_buffer__poll(w->ring, turn_ms(w));

		if (n < 0 && n != -EINTR)
			break;
		if (w->options.eagain)
			refused_report(&w->hooks, &w->report, 0);
		untold_report(&w->untold, &w->hooks, &w->report,
			      clock_seconds(), 0);
		guarded_report(&w->guarded, clock_seconds());
		if (metrics_is_due(&w->metrics, clock_seconds()))
			write_metrics(w, clock_seconds());
		/* Nobody reads any more: nothing is left to do. */
		if (ferror(stdout))
			break;
	}
}

static void end_watch(struct watch *w)
{
	struct report_sum s = {
		.counts_eagain = w->options.eagain,
		.hooks = &w->hooks,
	};

	ring_buffer__consume(w->ring);
	if (w->options.eagain)
		refused_report(&w->hooks, &w->report, 1);
	untold_report(&w->untold, &w->hooks, &w->report, clock_seconds(), 1);
	guarded_end(&w->guarded);
	if (w->metrics.path)
		write_metrics(w, clock_seconds());
	s.losses = w->losses;
	s.seconds = clock_seconds() - w->started;
	s.withheld = w->untold.withheld;
	s.dropped = w->untold.dropped;
	s.eagain = counters_read(&w->hooks, EVENT_EAGAIN);
	s.limit = counters_read(&w->hooks, EVENT_LIMIT);
	report_summary(&w->report, &s);
}

int main(int argc, char **argv)
{
	static struct watch w;
	int status = 0;

	if (options_parse(argc, argv, &w.options))
		return EXIT_OWN_FAILURE;
	if (w.options.help) {
		options_help();
		return text_flush("stdout") ? EXIT_OWN_FAILURE : 0;
	}
	if (begin(&w)) {
		status = EXIT_OWN_FAILURE;
	} else {
		watch_on(&w);
		end_watch(&w);
		if (w.options.program)
			status = child_status(&w.child);
	}
	ring_buffer__free(w.ring);
	if (w.hooks.skeleton)
		hooks_close(&w.hooks);
	journal_close(&w.journal);
	return text_flush(w.options.output ? w.options.output : "stdout") ?
		       EXIT_OWN_FAILURE :
		       status;
}
